// The chart of casualties over time: for every kind a panel, for every source its counts from low to high.
import { fetchJson, html, onWidthChange } from "./shared/page.js";
import { key, Panel } from "./casualties/panel.js";
import { readKinds } from "./casualties/counts.js";

const TITLES = { killed: "Killed", injured: "Injured", missing: "Missing", detained: "Detained", displaced: "Displaced", unharmed: "Unharmed" };

function draw(chart, { kinds, sources, days }) {
  const width = Math.max(300, chart.clientWidth);
  const panels = kinds.map(({ kind, counts }) => new Panel({ title: TITLES[kind] ?? kind, counts, days, width }));
  chart.replaceChildren(key(sources, kinds), ...panels.map(({ element }) => element));
  for (const panel of panels) panel.fit();
}

function sayInstead(chart, words) {
  chart.classList.add("drawn-failed");
  chart.replaceChildren(html("p", {}, words));
}

async function start(figure) {
  const chart = figure.querySelector("[data-chart]");
  try {
    const read = readKinds(await fetchJson(figure.dataset.source));
    if (read.kinds.length) {
      draw(chart, read);
      onWidthChange(chart, () => draw(chart, read));
    } else sayInstead(chart, "No dated count of casualties is known for this event.");
    figure.dataset.marks = read.kinds.reduce((sum, { counts }) => sum + counts.length, 0);
    figure.dataset.ready = "true";
  } catch (error) {
    console.info("casualties:", error);
    sayInstead(chart, `The chart could not be loaded (${error.message}). The table below holds the same counts.`);
    figure.dataset.ready = "failed";
  }
}

for (const figure of document.querySelectorAll("[data-casualties]")) start(figure);
