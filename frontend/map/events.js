// The map's events as the server sends them, with their days as whole numbers since 1970.
const DAY = 86_400_000;
const AREAS = new Set(["district", "province", "country"]);

export function dayNumber(text) {
  const parts = /^(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(text ?? "");
  if (!parts) return null;
  const time = Date.UTC(+parts[1], +(parts[2] ?? 1) - 1, +(parts[3] ?? 1));
  return Number.isNaN(time) ? null : Math.floor(time / DAY);
}

export const dayDate = (day) => new Date(day * DAY);
export const dayText = (day) => dayDate(day).toISOString().slice(0, 10);

function readEvent(feature) {
  const { properties } = feature;
  const first = dayNumber(properties.first_day) ?? dayNumber(properties.last_day);
  const last = dayNumber(properties.last_day) ?? first;
  return { ...properties, id: String(feature.id), point: feature.geometry?.coordinates ?? null, first, last: Math.max(first, last), dated: first !== null };
}

export const readEvents = (collection) => (collection.features ?? []).map(readEvent);

export const isArea = (event) => AREAS.has(event.precision);

export function within(event, { since, until }) {
  if (since === null && until === null) return true;
  return event.dated && (until === null || event.first <= until) && (since === null || event.last >= since);
}

export function daysOf(event) {
  if (!event.dated) return "no day given";
  return event.first === event.last ? dayText(event.first) : `${dayText(event.first)} to ${dayText(event.last)}`;
}

const KNOWN = { city: "known to the town", district: "known to the district only", province: "known to the region only", country: "known to the country only" };

export function placeWords(event) {
  return [event.place, KNOWN[event.precision]].filter(Boolean).join(", ");
}

const FORMATS = [
  { upTo: 150, options: { day: "numeric", month: "short" } },
  { upTo: 1600, options: { month: "short", year: "numeric" } },
  { upTo: Infinity, options: { year: "numeric" } },
];

const HALF_DAY = DAY / 2;
const BY_DAY = 60; // up to here a day is a stretch that is named in its middle

// Ticks of a time axis: as many as fit, never less than a day apart, named as people write days.
export function timeTicks(axis, { days, width, amid = false }) {
  const scale = axis.scale();
  const { options } = FORMATS.find(({ upTo }) => days <= upTo);
  const written = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  const end = scale.domain()[1];
  const inDays = amid && days <= BY_DAY;
  const ticks = scale.ticks(Math.max(2, Math.min(days, Math.floor(width / 80)))).filter((date) => !inDays || date < end);
  const offset = inDays ? scale(new Date(end - HALF_DAY)) - scale(new Date(end - DAY)) : 0;
  return axis.tickValues(ticks.filter((date) => date.getTime() % DAY === 0)).tickFormat((date) => written.format(date)).tickSizeOuter(0).offset(offset);
}
