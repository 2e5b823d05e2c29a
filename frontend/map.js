// The map page: map, time brush, lanes and table show the same choice of events.
import { counted, fetchJson } from "./shared/page.js";
import { legend } from "./shared/statuses.js";
import { TimeBrush } from "./map/brush.js";
import { dayNumber, dayText, readEvents, within } from "./map/events.js";
import { Lanes } from "./map/lanes.js";
import { openMap } from "./map/view.js";
import { loadWorld } from "./map/world.js";

class MapPage {
  #section;
  #note;
  #inputs = ["since", "until"].map((name) => document.querySelector(`form input[name=${name}]`));
  #rows = new Map([...document.querySelectorAll("tr[data-event]")].map((row) => [row.dataset.event, row]));
  #events;
  #total;
  #span = { since: null, until: null };
  #map = null;
  #trouble = "";
  #brush;
  #lanes;

  constructor(section, data) {
    this.#section = section;
    this.#note = section.querySelector("[data-map-note]");
    this.#events = readEvents(data);
    this.#total = data.total ?? this.#events.length;
    this.#lanes = new Lanes(section.querySelector("[data-lanes]"));
    this.#brush = new TimeBrush(section.querySelector("[data-brush]"), this.#events, (span) => this.#choose(span));
    for (const input of this.#inputs) input?.addEventListener("change", () => this.#apply(this.#written()));
    section.querySelector("[data-map-canvas]").after(legend(this.#events));
  }

  async start(data) {
    this.#apply(this.#written());
    try {
      const world = await loadWorld(this.#section.dataset.countries, data.countries);
      this.#map = await openMap(this.#section, world, this.#events);
    } catch (error) {
      console.info("map:", error);
      this.#trouble = "The map itself cannot be drawn in this browser (it needs WebGL); times and table hold the same events.";
      sayInstead(this.#section.querySelector("[data-map-canvas]"), this.#trouble);
    }
    this.#apply(this.#span);
    await this.#map?.settled();
    this.#section.dataset.ready = this.#map ? "true" : "without-map";
  }

  #written() {
    const [since, until] = this.#inputs.map((input) => dayNumber(input?.value));
    return { since, until };
  }

  // Chosen by the brush: the inputs follow.
  #choose(span) {
    const days = [span.since, span.until].map((day) => (day === null ? "" : dayText(day)));
    this.#inputs.forEach((input, place) => input && (input.value = days[place]));
    this.#apply(span);
  }

  #apply(span) {
    this.#span = span;
    const shown = this.#events.filter((event) => within(event, span));
    const ids = new Set(shown.map((event) => event.id));
    for (const event of this.#events) {
      const row = this.#rows.get(event.id);
      if (row) row.hidden = !ids.has(event.id);
    }
    this.#brush.show(span);
    this.#lanes.show(shown);
    this.#map?.show(shown);
    this.#note.textContent = this.#words(shown, span);
    this.#section.dataset.shown = shown.length;
  }

  #words(shown, { since, until }) {
    const days = [since !== null && `from ${dayText(since)}`, until !== null && `to ${dayText(until)}`].filter(Boolean).join(" ");
    const all = this.#events.length;
    const undated = this.#events.filter((event) => !event.dated).length;
    const unplaced = this.#map?.unplaced(shown) ?? 0;
    const said = [
      days ? `${shown.length} of ${counted(all, "event")} ${days}.` : `${counted(all, "event")}.`,
      undated && (days ? `${counted(undated, "undated event")} left out.` : `${undated} without a day.`),
      unplaced && `${unplaced} without a place, in the table only.`,
      this.#total > all && `The ledger holds ${counted(this.#total, "event")} of this kind; the map draws ${all}.`,
      this.#trouble,
    ];
    return said.filter(Boolean).join(" ");
  }
}

function sayInstead(element, words) {
  element.classList.add("drawn-failed");
  element.classList.remove("drawn-map", "maplibregl-map");
  const said = document.createElement("p");
  said.textContent = words;
  element.replaceChildren(said);
}

async function start(section) {
  let data;
  try {
    data = await fetchJson(section.dataset.source);
  } catch (error) {
    sayInstead(section.querySelector("[data-map-canvas]"), `The map could not be loaded (${error.message}). The table below holds the same events.`);
    section.dataset.ready = "failed";
    return;
  }
  await new MapPage(section, data).start(data);
}

for (const section of document.querySelectorAll("[data-map]")) start(section);
