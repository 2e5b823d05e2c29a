// Shapes on the globe: true circles, outlines of countries, and a point inside a shape for its label.
const EARTH_KM = 6371.0088;
const RADIANS = Math.PI / 180;
const CORNERS = 96;

// A circle of `radius` kilometres on the sphere, as a ring of [lon, lat].
export function circle([lon, lat], radius) {
  const arc = radius / EARTH_KM;
  const ring = [];
  for (let corner = 0; corner <= CORNERS; corner += 1) {
    const bearing = (corner / CORNERS) * 2 * Math.PI;
    const up = Math.sin(lat * RADIANS) * Math.cos(arc) + Math.cos(lat * RADIANS) * Math.sin(arc) * Math.cos(bearing);
    const aside = Math.atan2(Math.sin(bearing) * Math.sin(arc) * Math.cos(lat * RADIANS), Math.cos(arc) - Math.sin(lat * RADIANS) * up);
    ring.push([lon + aside / RADIANS, Math.asin(up) / RADIANS]);
  }
  return ring;
}

export function boundsOf(rings) {
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of rings.flat()) {
    bounds[0] = Math.min(bounds[0], x);
    bounds[1] = Math.min(bounds[1], y);
    bounds[2] = Math.max(bounds[2], x);
    bounds[3] = Math.max(bounds[3], y);
  }
  return bounds;
}

// A line over the 180th meridian runs on past 180° in place of leaping to the other side of the map.
function unwrapped(line) {
  let turn = 0;
  return line.map(([lon, lat], place) => {
    const leap = place ? lon - line[place - 1][0] : 0;
    if (Math.abs(leap) > 180) turn -= Math.sign(leap) * 360;
    return [lon + turn, lat];
  });
}

// A ring that has gone round the earth holds a pole, and is closed along it.
function unwrappedRing(ring) {
  const open = unwrapped(ring);
  const [first, last] = [open[0], open.at(-1)];
  if (Math.abs(first[0] - last[0]) < 180) return open;
  const pole = last[1] < 0 ? -90 : 90;
  return [...open, [last[0], pole], [first[0], pole], first];
}

export function acrossDateLine(geometry) {
  const { type, coordinates } = geometry;
  if (type === "Polygon") return { type, coordinates: coordinates.map(unwrappedRing) };
  if (type === "MultiPolygon") return { type, coordinates: coordinates.map((polygon) => polygon.map(unwrappedRing)) };
  return { type, coordinates: coordinates.map(unwrapped) };
}

export function areaOf(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) twice += (ring[j][0] - ring[i][0]) * (ring[j][1] + ring[i][1]);
  return Math.abs(twice / 2);
}

export function outerRings(geometry) {
  if (!geometry) return [];
  return geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((polygon) => polygon[0]);
}

// How deep a point lies inside a ring (negative outside), in degrees with longitudes narrowed by latitude.
function depth(x, y, ring, narrow) {
  let inside = false;
  let nearest = Infinity;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [ax, ay] = ring[i];
    const [bx, by] = ring[j];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    const dx = (bx - ax) * narrow;
    const dy = by - ay;
    const along = Math.max(0, Math.min(1, ((x - ax) * narrow * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    nearest = Math.min(nearest, ((x - ax) * narrow - along * dx) ** 2 + (y - ay - along * dy) ** 2);
  }
  return (inside ? 1 : -1) * Math.sqrt(nearest);
}

// The place within the seen part of a ring that is farthest from its edges; null where none of it is seen.
// `taken` are points to keep away from.
export function labelPoint(ring, [west, south, east, north], taken = [], steps = 16) {
  const [x0, y0, x1, y1] = boundsOf([ring]);
  const [left, low, right, high] = [Math.max(x0, west), Math.max(y0, south), Math.min(x1, east), Math.min(y1, north)];
  if (left >= right || low >= high) return null;
  const narrow = Math.cos(((low + high) / 2) * RADIANS);
  let best = null;
  for (let i = 1; i < steps; i += 1) {
    for (let j = 1; j < steps; j += 1) {
      const x = left + ((right - left) * i) / steps;
      const y = low + ((high - low) * j) / steps;
      const room = Math.min(depth(x, y, ring, narrow), (x - west) * narrow, (east - x) * narrow, y - south, north - y, ...taken.map(([ax, ay]) => Math.hypot((x - ax) * narrow, y - ay) / 2));
      if (room > 0 && (!best || room > best.room)) best = { room, point: [x, y] };
    }
  }
  return best && best.point;
}
