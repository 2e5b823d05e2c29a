// The ledger's relations as a graph, with a layout that is the same on every visit.
import { MultiDirectedGraph } from "graphology";
import forceAtlas2 from "graphology-layout-forceatlas2";

export const VERBS = {
  accuses: "accuses",
  denies: "denies",
  contradicts: "contradicts",
  confirms: "confirms",
  commands: "commands",
  belongs_to: "belongs to",
};
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const SMALLEST = 5;
const LARGEST = 20;

export function sizeOf(weight, most) {
  return SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(Math.max(0, weight) / Math.max(1, most));
}

export function makeGraph({ nodes, edges }) {
  const graph = new MultiDirectedGraph();
  const most = Math.max(1, ...nodes.map((node) => node.weight ?? 1));
  const shrink = Math.max(0.34, Math.min(1, Math.sqrt(160 / nodes.length)));
  nodes.forEach((node, place) => {
    const near = Math.sqrt(place + 0.5);
    const start = { x: near * Math.cos(place * GOLDEN), y: near * Math.sin(place * GOLDEN) };
    graph.mergeNode(node.id, { ...start, size: sizeOf(node.weight ?? 1, most) * shrink, label: node.name || "unnamed", kind: node.type, href: node.href, weight: node.weight ?? 1 });
  });
  for (const { source, target, relation, count, href } of edges) {
    if (graph.hasNode(source) && graph.hasNode(target) && source !== target) graph.addEdge(source, target, { relation, count: count ?? 1, href });
  }
  return graph;
}

// The same input gives the same picture: fixed starting places, a fixed number of steps, no chance.
export function layOut(graph) {
  if (graph.order < 2) return;
  const steps = graph.order <= 100 ? 600 : graph.order <= 600 ? 250 : Math.max(45, Math.round(120_000 / graph.order));
  const settings = forceAtlas2.inferSettings(graph);
  const roomier = graph.order > 300 ? { linLogMode: true, gravity: 0.6, scalingRatio: 10, slowDown: 1 } : { gravity: 1.2, scalingRatio: 12 };
  forceAtlas2.assign(graph, { iterations: steps, settings: { ...settings, ...roomier, strongGravityMode: false, adjustSizes: false }, getEdgeWeight: (_, attributes) => 1 + Math.log2(attributes.count) });
}

// Fits a small graph into a box of pixels and pushes names apart until none lies on another.
export function spreadNames(graph, { width, height, nameWidth, nameHeight }) {
  const all = graph.mapNodes((id, { x, y, size, label }) => ({ id, x, y, size, wide: nameWidth(label) + size + 10, high: Math.max(nameHeight, 2 * size) + 4 }));
  fit(all, width, height);
  for (let round = 0; round < 400; round += 1) {
    if (!pushApart(all)) break;
    for (const box of all) keepWithin(box, width, height);
  }
  for (const { id, x, y } of all) graph.mergeNodeAttributes(id, { x, y });
}

function fit(all, width, height) {
  const [left, right] = [Math.min(...all.map((box) => box.x)), Math.max(...all.map((box) => box.x))];
  const [low, high] = [Math.min(...all.map((box) => box.y)), Math.max(...all.map((box) => box.y))];
  for (const box of all) {
    box.x = 20 + ((box.x - left) / (right - left || 1)) * (width - 20 - box.wide);
    box.y = 20 + ((box.y - low) / (high - low || 1)) * (height - 40);
  }
}

function keepWithin(box, width, height) {
  box.x = Math.max(box.size + 2, Math.min(width - box.wide, box.x));
  box.y = Math.max(box.high / 2, Math.min(height - box.high / 2, box.y));
}

function pushApart(all) {
  let moved = false;
  for (let i = 0; i < all.length; i += 1) {
    for (let j = i + 1; j < all.length; j += 1) moved = parted(all[i], all[j]) || moved;
  }
  return moved;
}

// A box reaches from the node's left edge to the end of its name.
function parted(a, b) {
  const acrossBy = Math.min(a.x + a.wide, b.x + b.wide) - Math.max(a.x - a.size, b.x - b.size);
  const downBy = (a.high + b.high) / 2 - Math.abs(a.y - b.y);
  if (acrossBy <= 0 || downBy <= 0) return false;
  if (downBy <= acrossBy) {
    const step = (a.y <= b.y ? 1 : -1) * (downBy / 2 + 0.5);
    a.y -= step;
    b.y += step;
  } else {
    const step = (a.x <= b.x ? 1 : -1) * (acrossBy / 2 + 0.5);
    a.x -= step;
    b.x += step;
  }
  return true;
}

// Edges between the same two nodes are bent apart; an edge alone stays straight.
export function bendEdges(graph) {
  const pairs = new Map();
  graph.forEachEdge((edge, _, source, target) => {
    const pair = source < target ? `${source}\n${target}` : `${target}\n${source}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), edge]);
  });
  for (const edges of pairs.values()) {
    edges.forEach((edge, place) => {
      const bend = (place - (edges.length - 1) / 2) * 0.3;
      const forward = graph.source(edge) < graph.target(edge);
      graph.mergeEdgeAttributes(edge, bend ? { type: "curved", curvature: forward ? bend : -bend } : { type: "straight" });
    });
  }
}
