// The histogram of events over time, by status, with a brush that chooses days.
import { axisBottom, axisLeft } from "d3-axis";
import { brushX } from "d3-brush";
import { scaleLinear, scaleUtc } from "d3-scale";
import { select } from "d3-selection";
import { html, onWidthChange, svg } from "../shared/page.js";
import { patternOf, patterns, placeOf, STATUSES } from "../shared/statuses.js";
import { dayDate, dayNumber, dayText, timeTicks } from "./events.js";

const HEIGHT = 132;
const EDGE = { top: 10, right: 26, bottom: 26, left: 34 };
const UNITS = [
  { name: "day", upTo: 60, start: (day) => day, next: (day) => day + 1 },
  { name: "week", upTo: 400, start: (day) => day - ((((day + 3) % 7) + 7) % 7), next: (day) => day + 7 },
  { name: "month", upTo: 365 * 12, start: (day) => atMonth(day, 0), next: (day) => atMonth(day, 1) },
  { name: "year", upTo: Infinity, start: (day) => atYear(day, 0), next: (day) => atYear(day, 1) },
];

const dayOf = (date) => Math.floor(date.getTime() / 86_400_000);
const atMonth = (day, more) => dayOf(new Date(Date.UTC(dayDate(day).getUTCFullYear(), dayDate(day).getUTCMonth() + more, 1)));
const atYear = (day, more) => dayNumber(`${dayDate(day).getUTCFullYear() + more}-01-01`);

export function bins(events) {
  const dated = events.filter((event) => event.dated);
  if (!dated.length) return null;
  const first = Math.min(...dated.map((event) => event.first));
  const last = Math.max(...dated.map((event) => event.last));
  const unit = UNITS.find(({ upTo }) => last - first <= upTo);
  const columns = new Map();
  for (let day = unit.start(first); day <= last; day = unit.next(day)) {
    columns.set(day, { from: day, to: unit.next(day), counts: STATUSES.map(() => 0), total: 0 });
  }
  for (const event of dated) {
    const column = columns.get(unit.start(event.first));
    column.counts[placeOf(event.status)] += 1;
    column.total += 1;
  }
  const all = [...columns.values()];
  return { unit: unit.name, columns: all, from: all[0].from, to: all.at(-1).to };
}

function bars(column, x, y) {
  let below = 0;
  const gap = Math.min(2, (x(dayDate(column.to)) - x(dayDate(column.from))) * 0.15);
  const left = x(dayDate(column.from)) + gap / 2;
  const width = Math.min(64, x(dayDate(column.to)) - x(dayDate(column.from)) - gap);
  const middle = (x(dayDate(column.to)) - x(dayDate(column.from)) - gap - width) / 2;
  return STATUSES.toReversed().flatMap(({ key }) => {
    const count = column.counts[placeOf(key)];
    if (!count) return [];
    const top = y(below + count);
    const bar = svg("rect", { class: "drawn-bar", "data-status": key, x: left + middle, y: top, width: Math.max(1, width), height: y(below) - top, fill: patternOf("brush", key) });
    below += count;
    return [bar];
  });
}

export class TimeBrush {
  #place;
  #bins;
  #changed;
  #whole;
  #span = { since: null, until: null };
  #x;
  #brush;
  #layer;

  constructor(place, events, changed) {
    this.#place = place;
    this.#bins = bins(events);
    this.#changed = changed;
    this.#whole = html("button", { type: "button", class: "drawn-button" }, "Whole time");
    this.#whole.addEventListener("click", () => changed({ since: null, until: null }));
    if (!this.#bins) {
      place.replaceChildren(html("p", { class: "drawn-said" }, "No event here has a day, so there is no course of time to draw."));
      return;
    }
    this.#draw();
    onWidthChange(place, () => this.#draw());
  }

  // Moves the brush without telling anyone.
  show(span) {
    this.#span = span;
    this.#whole.disabled = span.since === null && span.until === null;
    if (this.#layer) this.#brush.move(this.#layer, this.#extent());
  }

  #extent() {
    const { since, until } = this.#span;
    if (since === null && until === null) return null;
    const { from, to } = this.#bins;
    const ends = [since ?? from, (until ?? to) + 1].map((day) => this.#x(dayDate(Math.max(from, Math.min(to, day)))));
    return ends[0] < ends[1] ? ends : null;
  }

  #draw() {
    const width = Math.max(260, this.#place.clientWidth);
    const { columns, unit, from, to } = this.#bins;
    const most = Math.max(...columns.map((column) => column.total));
    this.#x = scaleUtc([dayDate(from), dayDate(to)], [EDGE.left, width - EDGE.right]);
    const y = scaleLinear([0, most], [HEIGHT - EDGE.bottom, EDGE.top]).nice(3);
    const drawing = svg("svg", { class: "drawn-chart", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "aria-label": `Events by ${unit}` });
    drawing.append(patterns("brush"), ...columns.flatMap((column) => bars(column, this.#x, y)));
    const ground = select(drawing);
    const whole = y.ticks(3).filter(Number.isInteger);
    ground.append("g").attr("class", "drawn-axis drawn-lines").attr("transform", `translate(0,${HEIGHT - EDGE.bottom})`).call(timeTicks(axisBottom(this.#x), { days: to - from, width, amid: true }));
    ground.append("g").attr("class", "drawn-axis").attr("transform", `translate(${EDGE.left},0)`).call(axisLeft(y).tickValues(whole).tickFormat(String).tickSize(3));
    drawing.append(svg("path", { d: `M${EDGE.left} ${HEIGHT - EDGE.bottom}H${width - EDGE.right}`, class: "drawn-base" }));
    this.#brush = brushX().extent([[EDGE.left, EDGE.top - 4], [width - EDGE.right, HEIGHT - EDGE.bottom]]).on("brush end", (happening) => this.#brushed(happening));
    this.#layer = ground.append("g").attr("class", "drawn-brush").call(this.#brush);
    const head = html("div", { class: "drawn-head" }, html("p", {}, `Events by ${unit}, ${dayText(from)} to ${dayText(to - 1)}. Drag across to choose a time, or set the days by hand.`), this.#whole);
    this.#place.replaceChildren(head, drawing);
    this.show(this.#span);
  }

  #brushed({ selection, sourceEvent, type }) {
    if (!sourceEvent) return; // moved by the page, not by the reader
    if (!selection) {
      if (type === "end") this.#changed({ since: null, until: null });
      return;
    }
    const [since, until] = [dayOf(this.#x.invert(selection[0])), dayOf(new Date(this.#x.invert(selection[1]).getTime() - 1))];
    this.#changed({ since, until: Math.max(since, until) }, type === "end" ? "settled" : "moving");
  }
}
