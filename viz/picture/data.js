// What the page holds: nodes and edges as records, each with what the page adds to it (edges, shown); `papers` and `texts` that edges point to.
import { $, amount, short } from "../shared/elements.js";

export const { page, papers, texts, ...held } = JSON.parse($("#data").textContent);

export const KINDS = ["paper", "method", "dataset", "benchmark", "task", "metric"];

// Strongest first. Words as read from the tail and from the head; how the line looks, its length in layout pixels.
export const ROLES = {
  introduces: { out: "introduces", in: "introduced by", width: 2.4, arrow: "arrow", length: 12, token: "ink", alpha: 0.8 },
  based_on: { out: "based on", in: "led to", width: 2, arrow: "arrow", length: 11, token: "method", alpha: 0.75 },
  scored: { out: "scored on", in: "score of", width: 1.6, arrow: "bar", length: 10 },
  evaluates_on: { out: "evaluates on", in: "used for evaluation by", width: 1.6, arrow: "bar", length: 10 },
  uses: { out: "uses", in: "used by", width: 1.2, arrow: "arrow", length: 9 },
  compares: { out: "compares with", in: "compared with by", width: 1.2, dash: [6, 4], arrow: "vee", length: 9 },
  mentions: { out: "mentions", in: "mentioned by", width: 1.2, dash: [1, 4], arrow: null, length: 0 },
  together: { out: "named together with", in: "named together with", width: 1.2, arrow: null, length: 0 },
};
export const ROLE_NAMES = Object.keys(ROLES);

export const nodes = [];
export const edges = [];
export const nodeById = new Map();
export const edgeByKey = new Map();
export const members = new Map();       // a node that holds others -> Set of these

const keyOf = ({ from, role, to }) => JSON.stringify([from, role, to]);

// Nodes and edges that are there already, and edges without an end, are left out; returns what was added.
export function add(newNodes, newEdges) {
  const added = { nodes: [], edges: [] };
  for (const node of newNodes) {
    if (nodeById.has(node.id)) continue;
    Object.assign(node, { edges: [], shown: true, key: node.id, order: nodes.length });
    nodeById.set(node.id, node);
    nodes.push(node);
    added.nodes.push(node);
  }
  for (const edge of newEdges) {
    const [tail, head, key] = [nodeById.get(edge.from), nodeById.get(edge.to), keyOf(edge)];
    if (!tail || !head || edgeByKey.has(key)) continue;
    Object.assign(edge, { tail, head, key, id: edges.length, shown: true });
    edgeByKey.set(key, edge);
    edges.push(edge);
    tail.edges.push(edge);
    if (head !== tail) head.edges.push(edge);
    added.edges.push(edge);
  }
  for (const node of added.nodes) {
    const host = nodeById.get(node.inside);
    if (host) members.set(host, (members.get(host) ?? new Set()).add(node));
  }
  return added;
}

add(held.nodes, held.edges);

export const centre = nodeById.get(page.centre) ?? null;
export const ranked = () => [...nodes].sort((a, b) =>
  (a.kind === "paper") - (b.kind === "paper") || b.papers - a.papers || b.edges.length - a.edges.length || a.order - b.order);

export const isNode = (thing) => Boolean(thing?.edges);
export const other = (edge, node) => (edge.tail === node ? edge.head : edge.tail);
export const wordsOf = (edge, node) => ROLES[edge.role][edge.tail === node ? "out" : "in"];
// The least and the greatest of what is read from things; of any number of things, which Math.min(...) is not.
export const extent = (things, of) => things.reduce(([low, high], thing) => [Math.min(low, of(thing)), Math.max(high, of(thing))], [Infinity, -Infinity]);
export const least = (things, cost, limit = Infinity) =>
  things.reduce(([best, low], thing) => { const its = cost(thing); return its < low ? [thing, its] : [best, low]; }, [null, limit])[0];
export const counted = (node) => node.kind === "community" ? amount(node.papers, "method") : node.kind === "paper" ? "" : amount(node.papers, "paper");
export const naming = (node) => [short(node.name), node.kind, counted(node)].filter(Boolean).join(", ");
