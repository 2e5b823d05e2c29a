// Counts as the server sends them: days as numbers, one source for each speaker, a place beside others of the same day.
import { dayNumber } from "../map/events.js";

// Paul Tol's "bright" scheme, told apart with any colour vision; grey stands for all sources past the sixth.
export const LOOKS = [
  { colour: 0, form: "circle" },
  { colour: 1, form: "square" },
  { colour: 2, form: "diamond" },
  { colour: 3, form: "triangle" },
  { colour: 4, form: "cross" },
  { colour: 5, form: "star" },
];
export const OTHER = { colour: 6, form: "wye" };

export function readKinds({ kinds }) {
  const given = (kinds ?? []).map(({ kind, counts }) => ({ kind, counts: counts.map(readCount).filter(Boolean) })).filter(({ counts }) => counts.length);
  const sources = lookOf(given.flatMap(({ counts }) => counts));
  for (const { counts } of given) {
    for (const count of counts) count.look = sources.get(count.speaker);
    besideEachOther(counts);
  }
  const all = given.flatMap(({ counts }) => counts.map((count) => count.day));
  return { kinds: given, sources, days: [Math.min(...all), Math.max(...all)] };
}

function readCount(count) {
  const day = dayNumber(count.said);
  if (day === null || (count.low === null && count.high === null)) return null;
  return { ...count, day, speaker: count.speaker || count.outlet || "unnamed source" };
}

// The sources with the most counts get the first looks.
function lookOf(counts) {
  const often = new Map();
  for (const { speaker } of counts) often.set(speaker, (often.get(speaker) ?? 0) + 1);
  const order = [...often].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([speaker]) => speaker);
  return new Map(order.map((speaker, place) => [speaker, { speaker, ...(LOOKS[place] ?? OTHER) }]));
}

// Counts of one day stand side by side in a fixed order, never jittered.
function besideEachOther(counts) {
  counts.sort((a, b) => a.day - b.day || a.look.colour - b.look.colour || (a.speaker < b.speaker ? -1 : 1) || (a.low ?? 0) - (b.low ?? 0));
  const days = new Map();
  for (const count of counts) days.set(count.day, [...(days.get(count.day) ?? []), count]);
  for (const same of days.values()) same.forEach((count, place) => Object.assign(count, { place, places: same.length }));
}

export function inWords({ low, high, hedge, speaker, outlet, said, status, words }) {
  const range = low === null ? `${high} or fewer` : high === null ? `${low} or more` : low === high ? `${low}` : `${low} to ${high}`;
  const count = hedge && (low === null || high === null || low === high) ? `${hedge} ${low ?? high}` : range;
  const standing = status === "held" ? "" : `, ${status}`;
  return `${said}: ${count}, says ${speaker}${outlet ? ` (${outlet})` : ""}${standing}. “${words ?? ""}”`;
}
