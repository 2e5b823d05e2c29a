// What the panel says of a chosen node or edge: every relation a link to its claims.
import { counted, html, link } from "../shared/page.js";
import { VERBS } from "./graph.js";

const ORDER = Object.keys(VERBS);
const KINDS = { person: "Person", organisation: "Organisation", place: "Place" };

function relationSign(relation) {
  return html("span", { class: "drawn-relation", "data-relation": relation, "aria-hidden": "true" });
}

function line(graph, edge, node) {
  const { relation, count, href } = graph.getEdgeAttributes(edge);
  const [source, target] = graph.extremities(edge);
  const name = (id) => graph.getNodeAttribute(id, "label");
  const verb = VERBS[relation] ?? relation;
  const words = node === source ? `${verb} ${name(target)}` : node === target ? `${name(source)} ${verb} ${name(target)}` : `${name(source)} ${verb} ${name(target)}`;
  return html("li", {}, relationSign(relation), link(href, {}, `${words} (${counted(count, "claim")})`));
}

function listed(graph, edges, node) {
  const rank = (edge) => ORDER.indexOf(graph.getEdgeAttribute(edge, "relation"));
  const sorted = edges.toSorted((a, b) => rank(a) - rank(b) || graph.getEdgeAttribute(b, "count") - graph.getEdgeAttribute(a, "count"));
  return html("ul", {}, ...sorted.map((edge) => line(graph, edge, node)));
}

function clearButton(clear) {
  const made = html("button", { type: "button", class: "drawn-button" }, "Show all");
  made.addEventListener("click", clear);
  return made;
}

export function showNothing(panel) {
  panel.classList.add("drawn-panel");
  panel.replaceChildren(html("p", { class: "drawn-said" }, "Choose a name in the drawing or in the search field to see its relations."));
}

export function showNode(panel, graph, node, isShown, clear) {
  const { label, kind, href } = graph.getNodeAttributes(node);
  const edges = (which) => graph[which](node).filter(isShown);
  const [out, into] = [edges("outEdges"), edges("inEdges")];
  panel.replaceChildren(
    html("h3", {}, link(href, {}, label)),
    html("p", { class: "drawn-said" }, `${KINDS[kind] ?? "Actor"} · ${counted(out.length + into.length, "relation")}`),
    ...(out.length ? [listed(graph, out, node)] : []),
    ...(into.length ? [html("h4", {}, "From others"), listed(graph, into, node)] : []),
    clearButton(clear),
  );
}

export function showEdge(panel, graph, edge, clear) {
  panel.replaceChildren(html("h3", {}, "Relation"), listed(graph, [edge], null), clearButton(clear));
}
