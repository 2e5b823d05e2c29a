// The map's signs as real buttons: they can be read aloud and reached by keyboard, and take their colours from CSS.
import { Marker } from "maplibre-gl";
import { counted, html } from "../shared/page.js";
import { sign, statusOf } from "../shared/statuses.js";

const ARROWS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function button(kind, status, label, ...children) {
  return html("button", { type: "button", class: `drawn-mark drawn-${kind}`, "data-status": status, "aria-label": label, title: label, tabindex: -1 }, ...children);
}

export function pointSign(event) {
  return button("point", statusOf(event.status).key, `${event.title || "Event"}: ${statusOf(event.status).label.toLowerCase()}`, sign(event.status, 22));
}

export function clusterSign(count, status) {
  const size = count > 99 ? "large" : count > 9 ? "middle" : "small";
  const label = `${counted(count, "event")} near here, the most contested ${status.label.toLowerCase()}`;
  const made = button("cluster", status.key, label, html("span", {}, count > 999 ? `${Math.floor(count / 1000)}k` : String(count)), sign(status.key, 15));
  made.dataset.size = size;
  return made;
}

export function areaSign(events, status, named) {
  const label = `${counted(events.length, "event")} somewhere in ${events[0].place || "this area"}, the most contested ${status.label.toLowerCase()}`;
  const name = named ? html("span", { class: "drawn-name" }, events[0].place ?? "") : null;
  return button("area", status.key, label, sign(status.key, 14), events.length > 1 || !named ? html("span", {}, String(events.length)) : null, name);
}

// Keeps the markers on the map in step with what should be seen, and one tab stop for them all.
export class Signs {
  #map;
  #shown = new Map();

  constructor(map) {
    this.#map = map;
    map.getCanvasContainer().addEventListener("keydown", (press) => this.#move(press), true);
  }

  get count() {
    return this.#shown.size;
  }

  // `wanted`: [{ key, at, make() }]; a sign whose key stays is left as it is, focus included.
  show(wanted) {
    const keys = new Set(wanted.map(({ key }) => key));
    for (const [key, marker] of this.#shown) {
      if (!keys.has(key)) {
        marker.remove();
        this.#shown.delete(key);
      }
    }
    for (const { key, at, make } of wanted) {
      const old = this.#shown.get(key);
      if (old) old.setLngLat(at);
      else this.#shown.set(key, new Marker({ element: make(), anchor: "center" }).setLngLat(at).addTo(this.#map));
    }
    this.#keepTabStop();
  }

  #ordered() {
    return [...this.#shown.values()].sort((a, b) => a.getLngLat().lng - b.getLngLat().lng || b.getLngLat().lat - a.getLngLat().lat).map((marker) => marker.getElement());
  }

  #keepTabStop() {
    const all = this.#ordered();
    if (all.length && !all.some((element) => element.tabIndex === 0)) all[0].tabIndex = 0;
  }

  #move(press) {
    const all = this.#ordered();
    const place = all.indexOf(document.activeElement);
    if (place < 0 || !(press.key in ARROWS)) return;
    press.stopPropagation(); // or the map would move as well
    press.preventDefault();
    const next = all[(place + ARROWS[press.key] + all.length) % all.length];
    all[place].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
