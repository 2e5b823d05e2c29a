// Natural Earth's countries, from one TopoJSON file: land, borders, names, and the outline of a country by its letters.
import { feature, mesh } from "topojson-client";
import { fetchJson } from "../shared/page.js";
import { acrossDateLine, areaOf, boundsOf, labelPoint, outerRings } from "./shapes.js";

const LABELLED = 1.2; // square degrees; smaller countries are named once the reader is near
const WHOLE = [-400, -90, 400, 90];

export async function loadWorld(address, outlines = {}) {
  const topology = await fetchJson(address);
  const { countries } = topology.objects;
  const land = feature(topology, countries);
  for (const shape of land.features) shape.geometry = acrossDateLine(shape.geometry);
  const borders = acrossDateLine(mesh(topology, countries, (a, b) => a !== b));
  const known = new Map(land.features.filter((shape) => shape.properties.code).map((shape) => [shape.properties.code, shape.geometry]));
  return { land, borders, names: nameLabels(land), outline: (code) => known.get(code) ?? asGeometry(outlines[code]) };
}

function asGeometry(rings) {
  return rings?.length ? { type: "MultiPolygon", coordinates: rings.map((ring) => [ring]) } : null;
}

function nameLabels(land) {
  const labels = land.features.map((shape) => {
    const ring = outerRings(shape.geometry).reduce((a, b) => (areaOf(a) > areaOf(b) ? a : b));
    const size = areaOf(ring);
    const point = labelPoint(ring, WHOLE, [], 12) ?? boundsOf([ring]).slice(0, 2);
    const properties = { name: shape.properties.name, size, near: size < LABELLED ? 1 : 0 };
    return { type: "Feature", geometry: { type: "Point", coordinates: point }, properties };
  });
  return { type: "FeatureCollection", features: labels };
}
