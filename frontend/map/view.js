// The map itself: MapLibre over Natural Earth, points in clusters, areas as areas.
import { LngLatBounds, Map as MapView, NavigationControl, setWorkerUrl } from "maplibre-gl";
import { counted, html, isCalm, onSchemeChange } from "../shared/page.js";
import { mostContested, placeOf, STATUSES } from "../shared/statuses.js";
import { anchorOf, areaFeatures, groupAreas, isPlaced } from "./areas.js";
import { isArea } from "./events.js";
import { openPopup } from "./popup.js";
import { boundsOf, outerRings } from "./shapes.js";
import { areaSign, clusterSign, pointSign, Signs } from "./signs.js";
import { mapStyle, paints, palette } from "./style.js";

const NAMED_FROM = 60; // pixels of half an area's height from which its sign carries its name
const CLOSEST = 10; // Natural Earth at 1:50 million has nothing to show beyond
const WORDS = { "NavigationControl.ZoomIn": "Zoom in", "NavigationControl.ZoomOut": "Zoom out", "Popup.Close": "Close" };

function makeMap(container, world) {
  setWorkerUrl(new URL("map-worker.js", import.meta.url).href);
  const map = new MapView({
    container,
    style: mapStyle(palette(), world),
    center: [20, 30],
    zoom: 1,
    maxZoom: CLOSEST,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    cooperativeGestures: true,
    fadeDuration: 0,
    locale: WORDS,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  return map;
}

function loaded(map) {
  return new Promise((resolve, reject) => {
    map.once("load", resolve);
    map.once("error", ({ error }) => reject(error));
  });
}

function extentOf(events, groups) {
  const near = new LngLatBounds();
  for (const event of events) if (event.point && !isArea(event)) near.extend(event.point);
  const narrow = groups.filter((group) => !group.wide);
  const wide = near.isEmpty() && !narrow.length ? groups : [];
  for (const group of [...narrow, ...wide]) {
    const [west, south, east, north] = boundsOf(outerRings(group.shape));
    near.extend([west, south]).extend([east, north]);
  }
  return near.isEmpty() ? null : near;
}

function pointFeatures(events) {
  const points = events.filter((event) => event.point && !isArea(event));
  const features = points.map((event) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: event.point },
    properties: { id: event.id, contested: placeOf(event.status) },
  }));
  return { type: "FeatureCollection", features };
}

export async function openMap(section, world, events) {
  const container = section.querySelector("[data-map-canvas]");
  container.classList.add("drawn-map");
  const map = makeMap(container, world);
  await loaded(map);
  const view = new EventMap(section, map, world, events);
  map.getCanvas().setAttribute("aria-label", `Map of ${counted(events.length, "event")}; arrow keys move it, plus and minus zoom`);
  container.append(html("p", { class: "drawn-credit" }, "Natural Earth, borders as it draws them"));
  onSchemeChange(() => view.repaint());
  return view;
}

class EventMap {
  #section;
  #map;
  #world;
  #byId;
  #signs;
  #groups = [];

  constructor(section, map, world, events) {
    Object.assign(section.dataset, { signs: 0, areas: 0 });
    this.#section = section;
    this.#map = map;
    this.#world = world;
    this.#byId = new Map(events.map((event) => [event.id, event]));
    this.#signs = new Signs(map);
    map.on("render", () => map.isSourceLoaded("places") && this.#placeSigns());
    map.on("click", "area-fill", (click) => this.#openAreas(click));
    for (const [happening, cursor] of [["mouseenter", "pointer"], ["mouseleave", ""]]) {
      map.on(happening, "area-fill", () => (map.getCanvas().style.cursor = cursor));
    }
    this.#fit(events);
  }

  unplaced(events) {
    return events.filter((event) => !isPlaced(event, this.#world)).length;
  }

  show(events) {
    this.#groups = groupAreas(events, this.#world);
    this.#map.getSource("areas").setData(areaFeatures(this.#groups));
    this.#map.getSource("places").setData(pointFeatures(events));
    this.#section.dataset.areas = this.#groups.length;
  }

  settled() {
    return new Promise((resolve) => this.#map.once("idle", resolve));
  }

  repaint() {
    for (const [layer, paint] of Object.entries(paints(palette()))) {
      for (const [name, value] of Object.entries(paint)) this.#map.setPaintProperty(layer, name, value);
    }
  }

  #fit(events) {
    const bounds = extentOf(events, groupAreas(events, this.#world));
    if (bounds) this.#map.fitBounds(bounds, { padding: 48, maxZoom: 8, animate: false });
  }

  #placeSigns() {
    const clustered = new Map();
    for (const { geometry, properties } of this.#map.querySourceFeatures("places")) {
      const sign = this.#pointOrCluster(geometry.coordinates, properties);
      if (sign) clustered.set(sign.key, sign);
    }
    const spots = [...clustered.values()];
    this.#signs.show([...spots, ...this.#areaSigns(spots.map(({ at }) => at))]);
    this.#section.dataset.signs = this.#signs.count;
  }

  #pointOrCluster(at, properties) {
    if (!properties.cluster) {
      const event = this.#byId.get(properties.id);
      return event && { key: `event ${event.id}`, at: event.point, make: () => this.#opening(pointSign(event), () => [event], event.point) };
    }
    const { cluster_id: id, point_count: count, contested } = properties;
    const leaves = async () => (await this.#map.getSource("places").getClusterLeaves(id, Infinity, 0)).map((leaf) => this.#byId.get(leaf.properties.id));
    return { key: `cluster ${id} ${count} ${contested}`, at, make: () => this.#opening(clusterSign(count, STATUSES[contested]), leaves, at) };
  }

  // Smaller areas first, so that a country's sign keeps away from all others.
  #areaSigns(taken) {
    const bounds = this.#map.getBounds();
    const view = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    return this.#groups.toReversed().flatMap((group) => {
      const at = anchorOf(group, view, taken);
      if (!at) return [];
      taken.push(at);
      const named = group.wide || this.#halfHeight(group) > NAMED_FROM;
      const make = () => this.#opening(areaSign(group.events, mostContested(group.events), named), () => group.events, at);
      return [{ key: `area ${group.key} ${group.events.map((event) => event.id)} ${named}`, at, make }];
    });
  }

  #halfHeight(group) {
    const [west, south, , north] = boundsOf(outerRings(group.shape));
    return Math.abs(this.#map.project([west, south]).y - this.#map.project([west, north]).y) / 2;
  }

  #opening(element, eventsOf, at) {
    element.addEventListener("click", async (click) => {
      click.stopPropagation();
      const events = (await eventsOf()).filter(Boolean);
      const corners = events.filter((event) => event.point && !isArea(event)).reduce((box, event) => box.extend(event.point), new LngLatBounds());
      const apart = !corners.isEmpty() && corners.getNorthEast().distanceTo(corners.getSouthWest()) > 2000;
      const zoomIn = apart && this.#map.getZoom() < CLOSEST - 1 ? () => this.#zoomTo(corners) : null;
      openPopup(this.#map, { events, at, zoomIn, opener: element });
    });
    return element;
  }

  #zoomTo(corners) {
    this.#map.fitBounds(corners, { padding: 80, maxZoom: CLOSEST, animate: !isCalm() });
  }

  #openAreas(click) {
    const keys = new Set(click.features.map((feature) => feature.properties.key));
    const events = this.#groups.filter((group) => keys.has(group.key)).flatMap((group) => group.events);
    openPopup(this.#map, { events, at: click.lngLat, heading: `${counted(events.length, "event")} somewhere in this area` });
  }
}
