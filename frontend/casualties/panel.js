// One kind of casualties: days across, counts up, a mark for each count.
import { axisBottom, axisLeft } from "d3-axis";
import { scaleLinear, scaleSymlog, scaleUtc } from "d3-scale";
import { select } from "d3-selection";
import { curveStepAfter, line, symbol, symbolCircle, symbolCross, symbolDiamond, symbolSquare, symbolStar, symbolTriangle, symbolWye } from "d3-shape";
import { fitText, html, localHref, svg } from "../shared/page.js";
import { dayDate, timeTicks } from "../map/events.js";
import { inWords } from "./counts.js";

const FORMS = { circle: symbolCircle, square: symbolSquare, diamond: symbolDiamond, triangle: symbolTriangle, cross: symbolCross, star: symbolStar, wye: symbolWye };
const ARROW = 22;
const HEIGHT = 250;
const REACH = 13; // half the size of a mark's target

const formPath = (form, size = 70) => symbol(FORMS[form], size)();

export function key(sources, kinds) {
  const items = [...sources.values()].map(({ speaker, form, colour }) => {
    const mark = svg("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: formPath(form), class: `drawn-source drawn-source-${colour}` }));
    return html("li", {}, mark, html("span", {}, speaker));
  });
  const statuses = new Set(kinds.flatMap(({ counts }) => counts.map((count) => count.status)));
  if (statuses.has("superseded")) items.push(html("li", {}, sample("drawn-superseded"), "superseded by a later count"));
  if (statuses.has("denied")) items.push(html("li", {}, sample("", svg("path", { d: "M-7-7 7 7M7-7-7 7", class: "drawn-struck" })), "denied"));
  return html("ul", { class: "drawn-legend", "aria-label": "Sources and signs" }, ...items);
}

function sample(kind, over) {
  return svg("svg", { viewBox: "-8 -8 16 16", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: formPath("circle"), class: `drawn-source drawn-source-6 ${kind}` }), over ?? "");
}

// Where one count dwarfs the others, equal steps would flatten them onto the axis.
function upScale(counts, ends) {
  const values = counts.flatMap(({ low, high }) => [low, high]).filter((value) => value !== null);
  const [least, most] = [Math.min(...values), Math.max(...values, 1)];
  const middle = values.filter((value) => value > 0).sort((a, b) => a - b)[Math.floor(values.filter((value) => value > 0).length / 2)] ?? 1;
  const steep = most > 60 && most / Math.max(1, middle) > 12;
  const scale = steep ? scaleSymlog([0, most * 1.2], ends).constant(2) : scaleLinear([Math.min(0, least), most * 1.12], ends);
  const ticks = steep ? [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000].filter((value) => value <= most * 1.2) : scale.ticks(5).filter(Number.isInteger);
  return { scale, ticks, steep };
}

function bySpeaker(counts) {
  const speakers = [...new Set(counts.map((count) => count.speaker))];
  return speakers.map((speaker) => counts.filter((count) => count.speaker === speaker));
}

export class Panel {
  #names = [];

  constructor({ title, counts, days, width }) {
    this.width = width;
    this.edge = { top: 12, right: Math.max(108, Math.min(210, width * 0.24)), bottom: 28, left: 42 };
    const drawing = svg("svg", { class: "drawn-chart drawn-casualties", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": `${title}: ${counts.length} counts` });
    const { scale: y, ticks, steep } = upScale(counts, [HEIGHT - this.edge.bottom, this.edge.top]);
    this.y = y;
    this.x = scaleUtc([dayDate(days[0]), dayDate(days[1] + 1)], [this.edge.left, width - this.edge.right]);
    this.#axes(drawing, ticks, days);
    const sources = bySpeaker(counts);
    for (const same of sources) drawing.append(...this.#steps(same));
    drawing.append(...counts.map((count) => this.#mark(count)));
    drawing.append(...this.#labels(sources));
    const note = steep ? html("small", {}, " (upward steps grow narrower with the count)") : "";
    this.element = html("div", { class: "drawn-kind" }, html("h3", {}, title, note), drawing);
  }

  #at({ day, place, places }) {
    const room = (this.x(dayDate(day + 1)) - this.x(dayDate(day))) / places;
    const apart = Math.min(room, 26);
    const middle = (this.x(dayDate(day)) + this.x(dayDate(day + 1))) / 2;
    return middle + (place - (places - 1) / 2) * apart;
  }

  #axes(drawing, ticks, [first, last]) {
    const across = this.width - this.edge.left - this.edge.right;
    const axes = select(drawing);
    const days = last + 1 - first;
    const axis = axisLeft(this.y).tickValues(ticks).tickFormat((value) => value.toLocaleString("en-GB")).tickSizeInner(-across).tickSizeOuter(0).tickPadding(7);
    axes.append("g").attr("class", "drawn-axis drawn-lines").attr("transform", `translate(${this.edge.left},0)`).call(axis);
    drawing.append(svg("path", { d: `M${this.edge.left} ${HEIGHT - this.edge.bottom}h${across}`, class: "drawn-base" }));
    const below = timeTicks(axisBottom(this.x), { days, width: across, amid: true });
    axes.append("g").attr("class", "drawn-axis drawn-lines").attr("transform", `translate(0,${HEIGHT - this.edge.bottom})`).call(below);
  }

  #middle({ low, high }) {
    return low === null ? high : high === null ? low : (low + high) / 2;
  }

  #steps(counts) {
    if (counts.length < 2) return [];
    const path = line((count) => this.#at(count), (count) => this.y(this.#middle(count))).curve(curveStepAfter);
    return [svg("path", { d: path(counts), class: `drawn-step drawn-source-${counts[0].look.colour}` })];
  }

  #mark(count) {
    const { look, low, high, status } = count;
    const x = this.#at(count);
    const y = this.y(this.#middle(count));
    const words = inWords(count);
    const href = localHref(count.href);
    const drawn = svg(href ? "a" : "g", { href, class: `drawn-count drawn-source-${look.colour}`, "data-count": status, "aria-label": words }, svg("title", {}, words));
    drawn.append(svg("circle", { cx: x, cy: y, r: REACH, class: "drawn-row" }), ...this.#range(x, low, high));
    drawn.append(svg("path", { d: formPath(look.form), transform: `translate(${x},${y})`, class: `drawn-source drawn-source-${look.colour} ${status === "superseded" ? "drawn-superseded" : ""}` }));
    if (status === "denied") drawn.append(svg("path", { d: "M-8-8 8 8M8-8-8 8", transform: `translate(${x},${y})`, class: "drawn-struck" }));
    return drawn;
  }

  #range(x, low, high) {
    if (low !== null && high !== null) {
      if (low === high) return [];
      return [svg("path", { d: `M${x} ${this.y(low)}V${this.y(high)}M${x - 8} ${this.y(low)}h16M${x - 8} ${this.y(high)}h16`, class: "drawn-range" })];
    }
    const up = high === null ? -1 : 1;
    const from = this.y(low ?? high);
    const end = Math.max(2, Math.min(HEIGHT - this.edge.bottom, from + up * ARROW));
    return [svg("path", { d: `M${x} ${from}V${end}m-4 ${-up * 5}l4 ${up * 5} 4 ${-up * 5}`, class: "drawn-range" })];
  }

  // The name of each source beside its last count, moved apart where they would touch.
  #labels(sources) {
    const last = sources.map((counts) => counts.at(-1)).map((count) => ({ count, wanted: this.y(this.#middle(count)) })).sort((a, b) => a.wanted - b.wanted);
    let free = this.edge.top;
    for (const label of last) {
      label.y = Math.max(free, label.wanted);
      free = label.y + 16;
    }
    let limit = HEIGHT - this.edge.bottom;
    for (const label of last.toReversed()) {
      label.y = Math.min(label.y, limit);
      limit = label.y - 16;
    }
    const left = this.width - this.edge.right + 14;
    return last.flatMap(({ count, wanted, y }) => {
      const text = svg("text", { x: left + 4, y: y + 4, class: `drawn-sourcename drawn-source-${count.look.colour}` });
      this.#names.push([text, count.speaker]);
      const leader = svg("path", { d: `M${this.#at(count) + 10} ${wanted}L${left - 10} ${y}H${left}`, class: `drawn-leader drawn-source-${count.look.colour}` });
      return [leader, text];
    });
  }

  // Names are shortened once they stand in the page, where they can be measured.
  fit() {
    for (const [text, name] of this.#names) fitText(text, name, this.edge.right - 24);
  }
}
