// MapLibre's style: no tiles and no glyph server, only Natural Earth and the ledger's own shapes.
import { colour, mixed } from "../shared/page.js";
import { property, STATUSES } from "../shared/statuses.js";

const NOTHING = { type: "FeatureCollection", features: [] };
const FONTS = ["system-ui", "Segoe UI", "Helvetica Neue", "Arial", "sans-serif"];

export function palette() {
  const named = Object.fromEntries(["ink", "paper", "soft", "line", "sea", "land"].map((name) => [name, colour(`--${name}`)]));
  return { ...named, statuses: Object.fromEntries(STATUSES.map(({ key }) => [key, colour(property(key))])) };
}

const byStatus = (colours) => ["match", ["get", "status"], ...STATUSES.slice(0, -1).flatMap(({ key }) => [key, colours.statuses[key]]), colours.statuses[""]];

// The paint that depends on the page's colours: set at first, and again when the scheme changes.
export function paints(colours) {
  return {
    sea: { "background-color": colours.sea },
    land: { "fill-color": colours.land, "fill-outline-color": mixed(colours.soft, colours.sea, 0.55) },
    borders: { "line-color": mixed(colours.soft, colours.land, 0.55), "line-width": ["interpolate", ["linear"], ["zoom"], 1, 0.5, 6, 1.2] },
    "area-fill": { "fill-color": byStatus(colours), "fill-opacity": ["case", ["get", "wide"], 0.09, 0.16] },
    "area-edge": { "line-color": byStatus(colours), "line-width": 1.6, "line-dasharray": [3, 2.2] },
    names: { "text-color": mixed(colours.ink, colours.land, 0.62), "text-halo-color": colours.land, "text-halo-width": 1.2 },
    places: { "circle-radius": 1, "circle-opacity": 0 },
  };
}

const NAMES = {
  "text-field": ["get", "name"],
  "text-font": FONTS,
  "text-size": ["interpolate", ["linear"], ["zoom"], 1, 10.5, 5, 13, 8, 15],
  "text-letter-spacing": 0.06,
  "text-max-width": 7,
  "text-padding": 6,
  "symbol-sort-key": ["-", 0, ["get", "size"]],
};

export function mapStyle(colours, world) {
  const paint = paints(colours);
  const layer = (id, type, source, more = {}) => ({ id, type, source, paint: paint[id], ...more });
  const clustering = { cluster: true, clusterRadius: 34, maxzoom: 14, clusterMaxZoom: 13, clusterProperties: clusterCounts() };
  return {
    version: 8,
    sources: {
      land: { type: "geojson", data: world.land, tolerance: 0.3 },
      borders: { type: "geojson", data: world.borders },
      names: { type: "geojson", data: world.names },
      areas: { type: "geojson", data: NOTHING },
      places: { type: "geojson", data: NOTHING, ...clustering },
    },
    layers: [
      { id: "sea", type: "background", paint: paint.sea },
      layer("land", "fill", "land"),
      layer("borders", "line", "borders"),
      layer("area-fill", "fill", "areas"),
      layer("area-edge", "line", "areas", { layout: { "line-join": "round" } }),
      layer("names", "symbol", "names", { layout: NAMES, filter: ["any", ["==", ["get", "near"], 0], [">=", ["zoom"], 4]] }),
      layer("places", "circle", "places"),
    ],
  };
}

// How contested a cluster is: the smallest place of a status in the order of STATUSES.
function clusterCounts() {
  return { contested: ["min", ["get", "contested"]] };
}
