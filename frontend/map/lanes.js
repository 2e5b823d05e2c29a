// One bar an event, from its first day to its last, in the order of time.
import { axisTop } from "d3-axis";
import { scaleUtc } from "d3-scale";
import { select } from "d3-selection";
import { counted, fitText, html, localHref, onWidthChange, svg } from "../shared/page.js";
import { patternOf, patterns, signMarks, statusOf } from "../shared/statuses.js";
import { dayDate, daysOf, timeTicks } from "./events.js";

const MOST = 60;
const NARROW = 640;
const TOP = 26;

function lane(event, place, layout, x) {
  const { labels, step, narrow } = layout;
  const top = TOP + place * step;
  const barTop = top + (narrow ? 20 : 5);
  const left = x(dayDate(event.first));
  const width = Math.max(6, x(dayDate(event.last + 1)) - left);
  const said = `${event.title || event.type || "Event"}: ${statusOf(event.status).label.toLowerCase()}, ${daysOf(event)}`;
  const text = svg("text", { x: 22, y: top + 14, class: "drawn-label" });
  const mark = svg("g", { transform: `translate(2,${top + 2})` }, signMarks(event.status));
  const bar = svg("rect", { class: "drawn-bar", "data-status": statusOf(event.status).key, x: left, y: barTop, width, height: narrow ? 8 : 12, rx: 2, fill: patternOf("lanes", event.status) });
  const hit = svg("rect", { class: "drawn-row", x: 0, y: top, width: layout.width, height: step });
  const href = localHref(event.href);
  const drawn = svg(href ? "a" : "g", { href, class: "drawn-lane", "data-lane": event.id }, svg("title", {}, said), hit, mark, text, bar);
  return { drawn, fit: () => fitText(text, event.title || event.type || "Event", (narrow ? layout.width : labels) - 30) };
}

export class Lanes {
  #place;
  #events = [];

  constructor(place) {
    this.#place = place;
    onWidthChange(place, () => this.show(this.#events));
  }

  show(events) {
    this.#events = events;
    const dated = events.filter((event) => event.dated).sort((a, b) => a.first - b.first || a.last - b.last || (a.id < b.id ? -1 : 1));
    const shown = dated.slice(0, MOST);
    if (!shown.length) {
      this.#place.replaceChildren(html("p", { class: "drawn-said" }, "No dated event in this time."));
      return;
    }
    const left = dated.length - shown.length;
    const more = left ? html("p", { class: "drawn-said" }, `${counted(left, "later event")} left out here: choose a shorter time to see ${left === 1 ? "it" : "them"}, or read the table below.`) : null;
    this.#draw(shown, more);
  }

  #draw(shown, more) {
    const width = Math.max(280, this.#place.clientWidth);
    const narrow = width < NARROW;
    const labels = narrow ? 4 : Math.min(380, width * 0.38);
    const layout = { width, narrow, labels, step: narrow ? 34 : 22 };
    const first = Math.min(...shown.map((event) => event.first));
    const last = Math.max(...shown.map((event) => event.last));
    const x = scaleUtc([dayDate(first), dayDate(last + 1)], [labels + (narrow ? 22 : 10), width - 26]);
    const height = TOP + shown.length * layout.step + 6;
    const drawing = svg("svg", { class: "drawn-chart", width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Events as bars from first to last day" }, patterns("lanes"));
    const days = last + 1 - first;
    const axis = timeTicks(axisTop(x), { days, width: width - labels }).tickSizeInner(-(height - TOP));
    select(drawing).append("g").attr("class", "drawn-axis drawn-lines").attr("transform", `translate(0,${TOP - 2})`).call(axis);
    const lanes = shown.map((event, place) => lane(event, place, layout, x));
    drawing.append(...lanes.map(({ drawn }) => drawn));
    this.#place.replaceChildren(drawing, ...(more ? [more] : []));
    for (const { fit } of lanes) fit();
  }
}
