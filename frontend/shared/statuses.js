// The statuses of events, the most contested first, each with a sign of its own so that colour never stands alone.
import { html, svg } from "./page.js";

export const STATUSES = [
  { key: "disputed", label: "Disputed", shape: "M8 .6 15.4 8 8 15.4.6 8Z", glyph: "M5.2 6.6h5.6M5.2 9.4h5.6M9.6 4.6 6.4 11.4" },
  { key: "denied", label: "Denied", shape: "M2.6 1.5h10.8q1.1 0 1.1 1.1v10.8q0 1.1-1.1 1.1H2.6q-1.1 0-1.1-1.1V2.6q0-1.1 1.1-1.1Z", glyph: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" },
  { key: "single-source", label: "Single source", shape: "M8 1.2 15.2 14.4H.8Z", glyph: "M7 8.1 8.3 7.2v5.2" },
  { key: "corroborated", label: "Corroborated", shape: "M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1Z", glyph: "M4.8 8.3 7.1 10.6 11.3 5.8" },
  { key: "superseded", label: "Superseded", shape: "M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 1 1 8 1.8Z", glyph: "M5 8h6", hollow: true },
  { key: "", label: "Not weighed", shape: "M8 3a5 5 0 1 1 0 10A5 5 0 1 1 8 3Z", glyph: "", hollow: true },
];

const PLACE = new Map(STATUSES.map((status, place) => [status.key, place]));

export const statusOf = (key) => STATUSES[PLACE.get(key) ?? STATUSES.length - 1];
export const placeOf = (key) => PLACE.get(key) ?? STATUSES.length - 1;
export const mostContested = (events) => STATUSES[Math.min(...events.map((event) => placeOf(event.status)))];
export const property = (key) => `--status-${key || "none"}`;

// Colours come from the page's custom properties by way of drawings.css.
export function signMarks(key) {
  const { shape, glyph, hollow } = statusOf(key);
  const marks = svg("g", { class: hollow ? "drawn-sign drawn-hollow" : "drawn-sign", "data-status": statusOf(key).key });
  marks.append(svg("path", { class: "drawn-shape", d: shape }));
  if (glyph) marks.append(svg("path", { class: "drawn-glyph", d: glyph }));
  return marks;
}

export function sign(key, size = 16) {
  return svg("svg", { viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true", focusable: "false" }, signMarks(key));
}

export function legend(events) {
  const list = html("ul", { class: "drawn-legend", "aria-label": "Signs" });
  for (const { key, label } of STATUSES) {
    const count = events.filter((event) => statusOf(event.status).key === key).length;
    if (count) list.append(html("li", {}, sign(key, 14), ` ${label} `, html("small", {}, String(count))));
  }
  return list;
}

// One pattern a status, for bars: readable without colour and in print.
const STROKES = {
  disputed: "M-1 5 5-1M-1 9 9-1M3 9 9 3",
  denied: "M0 0 8 8M8 0 0 8",
  "single-source": "M0 2H8M0 6H8",
  corroborated: "",
  superseded: "M2 0V8M6 0V8",
  "": "M4 3.5v1",
};

export function patterns(prefix) {
  const made = STATUSES.map(({ key, hollow }) => {
    const name = { id: `${prefix}-${key || "none"}`, width: 8, height: 8, patternUnits: "userSpaceOnUse", "data-status": key, class: "drawn-pattern" };
    const ground = svg("rect", { width: 8, height: 8, class: hollow ? "drawn-ground drawn-pale" : "drawn-ground" });
    return svg("pattern", name, ground, STROKES[key] ? svg("path", { d: STROKES[key], class: hollow ? "drawn-weave drawn-strong" : "drawn-weave" }) : null);
  });
  return svg("defs", {}, ...made);
}

export const patternOf = (prefix, key) => `url(#${prefix}-${statusOf(key).key || "none"})`;
