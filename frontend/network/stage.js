// Sigma on the graph: what is drawn how, and what stays in sight when a node or an edge is chosen.
import { EdgeCurvedArrowProgram } from "@sigma/edge-curve";
import Sigma from "sigma";
import { EdgeArrowProgram } from "sigma/rendering";
import { colour, isCalm, mixed, onSchemeChange, onWidthChange } from "../shared/page.js";
import { bendEdges, layOut, spreadNames, VERBS } from "./graph.js";
import { hoverDrawer, measure, nameDrawer, NAME_SIZE } from "./names.js";
import { roomOf, shapeOf, SHAPES } from "./shapes.js";

const ALL_NAMED = 45; // up to here every name is shown, and pushed apart
const KINDS = { person: "var(--accent)", organisation: "var(--ink)", place: "var(--soft)" };

function palette() {
  return {
    ink: colour("--ink"),
    soft: colour("--soft"),
    paper: colour("--paper"),
    line: colour("--line"),
    kinds: Object.fromEntries(Object.entries(KINDS).map(([kind, usual]) => [kind, colour(`--node-${kind}`, usual)])),
    relations: Object.fromEntries(Object.keys(VERBS).map((relation) => [relation, colour(`--relation-${relation}`)])),
  };
}

export class Stage {
  #graph;
  #place;
  #sigma;
  #colours = palette();
  #small;
  #near = null; // { nodes, edges } that stay when others fade
  #isShown = () => true;
  #base;

  constructor(place, graph, happenings) {
    this.#graph = graph;
    this.#place = place;
    this.#small = graph.order <= ALL_NAMED;
    bendEdges(graph);
    layOut(graph);
    this.#base = graph.mapNodes((id, { x, y }) => ({ id, x, y }));
    this.#spread();
    this.#sigma = new Sigma(graph, place, this.#settings());
    this.#fitBox();
    this.#listen(happenings);
  }

  #mostLetters() {
    return this.#place.clientWidth < 560 ? 20 : 34;
  }

  #settings() {
    const colours = () => this.#colours;
    const most = this.#mostLetters();
    return {
      nodeProgramClasses: SHAPES,
      edgeProgramClasses: { straight: EdgeArrowProgram, curved: EdgeCurvedArrowProgram },
      defaultNodeType: "person",
      defaultEdgeType: "straight",
      defaultDrawNodeLabel: nameDrawer(colours, most),
      defaultDrawNodeHover: hoverDrawer(colours, most),
      labelSize: NAME_SIZE,
      labelDensity: this.#small ? 4 : 0.8,
      labelGridCellSize: this.#small ? 60 : 165,
      labelRenderedSizeThreshold: this.#small ? 0 : this.#graph.order > 600 ? 4 : 5,
      enableEdgeEvents: true,
      enableCameraRotation: false,
      allowInvalidContainer: true,
      stagePadding: this.#small ? 4 : 24,
      minCameraRatio: 0.03,
      maxCameraRatio: 2,
      minEdgeThickness: this.#graph.size > 800 ? 0.8 : 1.7,
      zIndex: true,
      nodeReducer: (id, data) => this.#drawnNode(id, data),
      edgeReducer: (id, data) => this.#drawnEdge(id, data),
    };
  }

  #drawnNode(id, data) {
    const own = this.#colours.kinds[shapeOf(data.kind)];
    const drawn = { ...data, type: shapeOf(data.kind), size: data.size * roomOf(data.kind), color: own, zIndex: 1, forceLabel: this.#small };
    if (!this.#near) return drawn;
    if (this.#near.nodes.has(id)) return { ...drawn, zIndex: 3, forceLabel: this.#near.nodes.size <= 60, highlighted: this.#near.centre === id };
    return { ...drawn, color: mixed(own, this.#colours.paper, 0.2), label: null, forceLabel: false, zIndex: 0 };
  }

  #drawnEdge(id, data) {
    const own = this.#colours.relations[data.relation] ?? this.#colours.soft;
    const many = this.#graph.size > 800;
    const drawn = { ...data, size: (many ? 0.8 : 2) + Math.log2(data.count) * (many ? 0.5 : 0.9), color: many ? mixed(own, this.#colours.paper, 0.4) : own, zIndex: 1, hidden: !this.#isShown(id) };
    if (!this.#near) return drawn;
    if (this.#near.edges.has(id)) return { ...drawn, color: own, size: drawn.size * (many ? 2.2 : 1.3), zIndex: 3 };
    return { ...drawn, color: mixed(own, this.#colours.paper, 0.1), zIndex: 0 };
  }

  #spread() {
    if (!this.#small || !this.#graph.order) return;
    for (const { id, x, y } of this.#base) this.#graph.mergeNodeAttributes(id, { x, y });
    const box = { width: this.#place.clientWidth - 8, height: this.#place.clientHeight - 8 };
    spreadNames(this.#graph, { ...box, nameWidth: measure(this.#mostLetters()), nameHeight: NAME_SIZE * 1.35 });
  }

  // A small graph is laid out in pixels already: one unit stays one pixel.
  #fitBox() {
    if (!this.#small) return;
    this.#sigma.setCustomBBox({ x: [0, this.#place.clientWidth - 8], y: [0, this.#place.clientHeight - 8] });
    this.#sigma.refresh();
  }

  #listen({ chooseNode, chooseEdge, clear }) {
    const { style } = this.#place;
    this.#sigma.on("clickNode", ({ node }) => chooseNode(node));
    this.#sigma.on("clickEdge", ({ edge }) => chooseEdge(edge));
    this.#sigma.on("clickStage", clear);
    for (const kind of ["Node", "Edge"]) {
      this.#sigma.on(`enter${kind}`, () => (style.cursor = "pointer"));
      this.#sigma.on(`leave${kind}`, () => (style.cursor = ""));
    }
    // The wheel scrolls the page, as on the map; with Ctrl or ⌘ it zooms.
    this.#place.addEventListener("wheel", (wheel) => wheel.ctrlKey || wheel.metaKey || wheel.stopPropagation(), { capture: true });
    onSchemeChange(() => {
      this.#colours = palette();
      this.#sigma.refresh();
    });
    onWidthChange(this.#place, () => {
      this.#spread();
      this.#fitBox();
      this.#sigma.resize(true).refresh();
    });
  }

  onHover(enter, leave) {
    this.#sigma.on("enterNode", ({ node }) => enter(node));
    this.#sigma.on("leaveNode", leave);
  }

  filter(isShown) {
    this.#isShown = isShown;
    this.#sigma.refresh();
  }

  // What stays: a node with all that it is tied to, an edge with its two ends, or everything.
  focusNode(node) {
    const edges = this.#graph.edges(node).filter(this.#isShown);
    this.#near = { centre: node, edges: new Set(edges), nodes: new Set([node, ...edges.flatMap((edge) => this.#graph.extremities(edge))]) };
    this.#sigma.refresh();
  }

  focusEdge(edge) {
    this.#near = { edges: new Set([edge]), nodes: new Set(this.#graph.extremities(edge)) };
    this.#sigma.refresh();
  }

  focusNothing() {
    this.#near = null;
    this.#sigma.refresh();
  }

  // Brings a name and all that it is tied to into sight; a small graph is in sight as it is.
  moveTo(node) {
    if (this.#small) return;
    const seen = [node, ...this.#graph.neighbors(node)].map((id) => this.#sigma.getNodeDisplayData(id));
    const ends = (axis) => [Math.min(...seen.map((data) => data[axis])), Math.max(...seen.map((data) => data[axis]))];
    const [[left, right], [low, high]] = [ends("x"), ends("y")];
    this.#camera({ x: (left + right) / 2, y: (low + high) / 2, ratio: Math.max(0.15, Math.min(1, 1.35 * Math.max(right - left, high - low))) });
  }

  zoom(factor) {
    this.#camera({ ratio: this.#sigma.getCamera().ratio / factor });
  }

  fit() {
    this.#camera({ x: 0.5, y: 0.5, ratio: 1 });
  }

  #camera(state) {
    this.#sigma.getCamera().animate(state, { duration: isCalm() ? 1 : 250 });
  }
}
