// The network page: who accuses, denies, confirms, commands, belongs to whom.
import { counted, fetchJson, html } from "./shared/page.js";
import { makeGraph } from "./network/graph.js";
import { showEdge, showNode, showNothing } from "./network/panel.js";
import { Stage } from "./network/stage.js";

class NetworkPage {
  #section;
  #graph;
  #stage;
  #panel;
  #note;
  #find = document.querySelector("input[data-network-find]");
  #boxes = [...document.querySelectorAll("input[name=relation]")];
  #chosen = null; // { node } or { edge }

  constructor(section, data) {
    this.#section = section;
    this.#panel = section.querySelector("[data-network-panel]");
    this.#note = section.querySelector("[data-network-note]");
    this.#note.id ||= "network-note"; // it points to the table, the text alternative
    section.setAttribute("aria-describedby", this.#note.id);
    this.#graph = makeGraph(data);
    const happenings = { chooseNode: (node) => this.#choose({ node }), chooseEdge: (edge) => this.#choose({ edge }), clear: () => this.#choose(null) };
    this.#stage = new Stage(makePlace(section), this.#graph, happenings);
    this.#stage.onHover((node) => this.#chosen || this.#stage.focusNode(node), () => this.#chosen || this.#stage.focusNothing());
    this.#addButtons();
    this.#addFinding();
    for (const box of this.#boxes) box.addEventListener("change", () => this.#filter());
    this.#filter();
  }

  // No boxes on the page means every relation.
  #isShown = (edge) => {
    const box = this.#boxes.find(({ value }) => value === this.#graph.getEdgeAttribute(edge, "relation"));
    return box?.checked ?? true;
  };

  #filter() {
    this.#stage.filter(this.#isShown);
    this.#choose(this.#chosen?.node ? this.#chosen : null);
  }

  #choose(chosen) {
    this.#chosen = chosen;
    const clear = () => {
      if (this.#find) this.#find.value = "";
      this.#choose(null);
      this.#find?.focus();
    };
    this.#section.dataset.chosen = chosen?.node ?? "";
    if (chosen?.node) {
      this.#stage.focusNode(chosen.node);
      showNode(this.#panel, this.#graph, chosen.node, this.#isShown, clear);
    } else if (chosen?.edge) {
      this.#stage.focusEdge(chosen.edge);
      showEdge(this.#panel, this.#graph, chosen.edge, clear);
    } else {
      this.#stage.focusNothing();
      showNothing(this.#panel);
    }
    this.#say();
  }

  #say() {
    const shown = this.#graph.filterEdges(this.#isShown).length;
    const all = this.#graph.size;
    const relations = shown === all ? counted(all, "relation") : `${shown} of ${counted(all, "relation")}`;
    const chosen = this.#chosen?.node && `Chosen: ${this.#graph.getNodeAttribute(this.#chosen.node, "label")}.`;
    this.#note.textContent = [`${counted(this.#graph.order, "name")}, ${relations}; the table below lists the same.`, chosen].filter(Boolean).join(" ");
    Object.assign(this.#section.dataset, { nodes: this.#graph.order, edges: shown });
  }

  #addButtons() {
    const steps = [["+", "Zoom in", () => this.#stage.zoom(1.6)], ["−", "Zoom out", () => this.#stage.zoom(1 / 1.6)], ["Fit", "Show the whole network", () => this.#stage.fit()]];
    const tools = html("div", { class: "drawn-tools" }, html("span", { class: "drawn-said" }, "Drag to move; Ctrl and wheel, or the buttons, to zoom"));
    for (const [face, label, act] of steps) {
      const made = html("button", { type: "button", class: "drawn-button", "aria-label": label, title: label }, face);
      made.addEventListener("click", act);
      tools.append(made);
    }
    this.#section.querySelector("[data-network-canvas]").prepend(tools);
  }

  #addFinding() {
    if (!this.#find) return;
    const names = this.#graph.mapNodes((id, { label, weight }) => ({ id, label, weight })).sort((a, b) => b.weight - a.weight);
    const list = html("datalist", { id: "network-names" }, ...names.map(({ label }) => html("option", { value: label })));
    this.#find.after(list);
    this.#find.setAttribute("list", list.id);
    this.#find.addEventListener("input", () => this.#found(names, (label, asked) => label === asked));
    const nearest = () => this.#found(names, (label, asked) => label === asked) || this.#found(names, (label, asked) => label.includes(asked));
    this.#find.addEventListener("change", nearest);
    this.#find.addEventListener("keydown", (press) => {
      if (press.key !== "Enter") return;
      press.preventDefault(); // or the form would be sent
      if (!nearest()) this.#note.textContent = `No name here holds “${this.#find.value}”.`;
    });
  }

  #found(names, matches) {
    const asked = this.#find.value.trim().toLocaleLowerCase();
    if (!asked) {
      this.#choose(null);
      return true;
    }
    const found = names.find(({ label }) => matches(label.toLocaleLowerCase(), asked));
    if (!found) return false;
    if (this.#chosen?.node !== found.id) {
      this.#choose({ node: found.id });
      this.#stage.moveTo(found.id);
    }
    return true;
  }
}

// Sigma's canvases are pictures: hidden from screen readers, which have panel and table.
function makePlace(section) {
  const canvas = section.querySelector("[data-network-canvas]");
  canvas.classList.add("drawn-network");
  const place = html("div", { class: "drawn-stage", "aria-hidden": "true" });
  canvas.replaceChildren(place);
  return place;
}

function sayInstead(section, words) {
  const canvas = section.querySelector("[data-network-canvas]");
  canvas.classList.remove("drawn-network");
  canvas.classList.add("drawn-failed");
  canvas.replaceChildren(html("p", {}, words));
}

async function start(section) {
  try {
    const data = await fetchJson(section.dataset.source);
    if (data.nodes.length) new NetworkPage(section, data);
    else sayInstead(section, "No relation between actors is known here yet.");
    section.dataset.ready = "true";
  } catch (error) {
    console.info("network:", error);
    sayInstead(section, "The network cannot be drawn here (it needs WebGL and its data). The table below holds the same relations.");
    section.dataset.ready = "failed";
  }
}

for (const section of document.querySelectorAll("[data-network]")) start(section);
