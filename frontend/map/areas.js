// Events whose place is known to an area only: one shape an area, however many events it holds.
import { mostContested } from "../shared/statuses.js";
import { isArea } from "./events.js";
import { boundsOf, circle, labelPoint, outerRings } from "./shapes.js";

const USUAL_KM = { district: 25, province: 90 };

function keyOf(event) {
  if (event.precision === "country") return `country ${event.country}`;
  return `${event.precision} ${event.point.map((part) => part.toFixed(2))} ${event.radius_km ?? ""}`;
}

function shapeOf(event, world) {
  if (event.precision === "country") return world.outline(event.country);
  return { type: "Polygon", coordinates: [circle(event.point, event.radius_km || USUAL_KM[event.precision])] };
}

const canBeDrawn = (event, world) => (event.precision === "country" ? Boolean(world.outline(event.country)) : Boolean(event.point));
export const isPlaced = (event, world) => (isArea(event) ? canBeDrawn(event, world) : Boolean(event.point));

export function groupAreas(events, world) {
  const groups = new Map();
  for (const event of events.filter((one) => isArea(one) && canBeDrawn(one, world))) {
    const key = keyOf(event);
    if (!groups.has(key)) groups.set(key, { key, events: [], wide: event.precision === "country", shape: shapeOf(event, world), place: event.place });
    groups.get(key).events.push(event);
  }
  return [...groups.values()].sort((a, b) => b.wide - a.wide || span(b) - span(a));
}

function span(group) {
  const [, south, , north] = boundsOf(outerRings(group.shape));
  return north - south;
}

export function areaFeatures(groups) {
  const features = groups.map((group) => ({
    type: "Feature",
    geometry: group.shape,
    properties: { key: group.key, status: mostContested(group.events).key, wide: group.wide },
  }));
  return { type: "FeatureCollection", features };
}

// A label never sits where a spot would be: on a circle's northern edge, or within the seen part of a country.
export function anchorOf(group, view, taken) {
  const rings = outerRings(group.shape);
  if (!group.wide) return rings[0][0];
  const seen = rings.map((ring) => [boundsOf([ring]), ring]).sort(([a], [b]) => (b[2] - b[0]) * (b[3] - b[1]) - (a[2] - a[0]) * (a[3] - a[1]));
  for (const [, ring] of seen.slice(0, 8)) {
    const point = labelPoint(ring, view, taken);
    if (point) return point;
  }
  return null;
}
