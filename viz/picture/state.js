// What is chosen, hidden, folded and lit, and what follows from it: which nodes and edges are shown. Whoever shows something listens with `onChange`.
import { centre, edges, isNode, members, nodeById, nodes, other } from "./data.js";

const filters = () => ({
  off: new Set(),             // types, roles and "generic" that the legend has switched off
  years: [null, null],        // of papers, and of entities whose first year is known
  score: 0,                   // least score of an edge
  degree: 0,                  // least number of edges of an entity, in this picture
  weight: 1,                  // least number of papers behind an edge
  measure: "papers",          // what the size of a node says
  folds: new Map(),           // node -> Set of the nodes folded into it
  dropped: new Set(),         // nodes hidden one by one
});
const selection = () => ({
  picked: null,               // the selected node or edge
  second: null,               // a second node, for a path
  at: null,                   // the node under the pointer, or where the arrow keys stand
  path: null,                 // { paths, number }: paths between the two, the one that is lit
  stepping: null,             // the node whose edges are gone through by keys
});
export const state = { ...filters(), ...selection() };

const listeners = [];
export const onChange = (listener) => listeners.push(listener);

// `what`: "shown" (another part is shown), "picked" (another thing is selected), "at" (only the pointer moved).
export function changed(what) {
  for (const listener of listeners) listener(what);
}

// ---------- what is shown ----------

export const around = (node) => node.edges.filter((edge) => edge.shown);
const outside = (year) => {
  const [from, to] = state.years;
  return (from !== null || to !== null) && (year === null || year === undefined || (from !== null && year < from) || (to !== null && year > to));
};

export function decideShown() {
  const { off, folds, dropped, score, degree, weight } = state;
  const folded = new Set([...folds.values()].flatMap((inside) => [...inside]));
  const hides = (node) => off.has(node.kind) || (node.generic && off.has("generic")) || folded.has(node) ||
    ((node.kind === "paper" || (node.year ?? null) !== null) && outside(node.year));
  const allowed = new Map(nodes.map((node) => [node, !dropped.has(node) && (node === centre || !hides(node))]));
  const decide = () => {
    for (const edge of edges) {
      edge.shown = !off.has(edge.role) && edge.score >= score && edge.weight >= weight && allowed.get(edge.tail) && allowed.get(edge.head);
    }
  };
  decide();
  if (degree > 0) {
    for (const node of nodes) {
      if (node !== centre && node.kind !== "paper" && allowed.get(node) && around(node).length < degree) allowed.set(node, false);
    }
    decide();
  }
  for (const node of nodes) {
    const hangs = node.kind === "paper" || node === centre || !node.edges.length || folds.has(node) || node.edges.some((edge) => edge.shown);
    node.shown = allowed.get(node) && hangs;
  }
}

export function light() {
  const { at, picked, second, path } = state;
  if (path) {
    const [edgesOf, nodesOf] = [path.paths[path.number].edges, path.paths[path.number].nodes];
    return new Set([...edgesOf, ...nodesOf, ...(at ? [at] : [])]);
  }
  const thing = at ?? picked;
  if (!thing) return null;
  const near = isNode(thing) ? around(thing) : [];
  return new Set([thing, thing.tail ?? thing, thing.head ?? thing, ...near, ...near.map((edge) => other(edge, thing)), ...(second ? [second] : [])]);
}

export function showAgain() {
  decideShown();
  for (const name of ["picked", "second", "at"]) if (state[name] && !state[name].shown) state[name] = null;
  if (state.path?.paths.some(({ nodes: along, edges: steps }) => along.some((node) => !node.shown) || steps.some((edge) => !edge.shown))) state.path = null;
  if (!state.path) state.second = null;
  changed("shown");
}

// ---------- choosing ----------

export function pick(thing) {
  Object.assign(state, { picked: thing, second: null, at: null, path: null });
  if (isNode(thing) && !thing.shown) reveal(thing);
  changed("picked");
}

// A name that is looked for is shown, whatever hides it.
export function reveal(node) {
  const { off, folds, dropped } = state;
  remember();
  dropped.delete(node);
  off.delete(node.kind);
  if (node.generic) off.delete("generic");
  for (const [host, inside] of folds) if (inside.has(node)) folds.delete(host);
  decideShown();
  if (!node.shown) {
    const { years, score, degree, weight } = filters();
    Object.assign(state, { years, score, degree, weight });
    for (const edge of node.edges) [edge.role, edge.tail.kind, edge.head.kind].forEach((word) => off.delete(word));
    decideShown();
  }
  if (!node.shown) for (const edge of node.edges) if (edge.tail.generic || edge.head.generic) off.delete("generic");
  showAgain();
}

// ---------- filters, folding, hiding; each can be taken back ----------

const past = [];

function copy() {
  const { off, years, score, degree, weight, measure, folds, dropped } = state;
  return { off: new Set(off), years: [...years], score, degree, weight, measure, folds: new Map(folds), dropped: new Set(dropped) };
}

export function remember() {
  past.push(copy());
  if (past.length > 100) past.shift();
}

export function undo() {
  if (!past.length) return false;
  Object.assign(state, past.pop());
  showAgain();
  return true;
}

export function toggle(word) {
  remember();
  if (!state.off.delete(word)) state.off.add(word);
  showAgain();
}

export function set(changes) {
  remember();
  Object.assign(state, changes);
  showAgain();
}

export function leavesOf(node) {
  if (members.has(node)) return members.get(node);
  const near = new Set(around(node).map((edge) => other(edge, node)));
  return new Set([...near].filter((leaf) => leaf !== node && leaf !== centre && around(leaf).every((edge) => other(edge, leaf) === node)));
}

// Returns how many nodes are folded into it now.
export function fold(node) {
  const leaves = leavesOf(node);
  if (state.folds.has(node) || leaves.size) remember();
  if (!state.folds.delete(node) && leaves.size) state.folds.set(node, leaves);
  showAgain();
  return state.folds.get(node)?.size ?? 0;
}

export function hide(node) {
  remember();
  state.dropped.add(node);
  showAgain();
}

// What was added can be taken back: the state before it hides the new nodes.
export function added(newNodes) {
  const before = copy();
  newNodes.forEach((node) => before.dropped.add(node));
  past.push(before);
  showAgain();
}

export const byId = (id) => nodeById.get(id) ?? null;

// What a page begins with.
export function begin() {
  Object.assign(state, filters(), selection());
  if (nodes.length > 150) state.off.add("mentions");
  state.off.add("generic");          // names too broad to say anything: counted in the legend, one click away
  for (const [host, inside] of members) state.folds.set(host, inside);
  state.picked = centre;
  decideShown();
}
