// Paths between two nodes of the picture: the fewest steps, then the rarest names; names too broad to say anything are not walked through.
import { isNode, other } from "./data.js";
import { around, changed, onChange, state } from "./state.js";

const MOST = 5;
let aiming = false;             // the next node that is clicked or found is the other end

export const isAiming = () => aiming;

// All shortest ways by breadth-first search, then those along the rarest entities.
function pathsBetween(start, end) {
  const steps = new Map([[start, 0]]);
  const before = new Map([[start, []]]);
  let edge = [start];
  while (edge.length && !steps.has(end)) {
    const next = [];
    for (const node of edge) {
      if (node !== start && node.generic) continue;
      for (const tie of around(node)) {
        const neighbour = other(tie, node);
        if (!steps.has(neighbour)) {
          steps.set(neighbour, steps.get(node) + 1);
          before.set(neighbour, []);
          next.push(neighbour);
        }
        if (steps.get(neighbour) === steps.get(node) + 1) before.get(neighbour).push([node, tie]);
      }
    }
    edge = next;
  }
  if (!steps.has(end)) return [];
  const found = [];
  const walk = (node, nodes, edges) => {
    if (found.length > 500) return;
    if (node === start) found.push({ nodes: [start, ...nodes], edges });
    else for (const [earlier, tie] of before.get(node)) walk(earlier, [node, ...nodes], [tie, ...edges]);
  };
  walk(end, [], []);
  const cost = ({ nodes }) => nodes.slice(1, -1).reduce((sum, node) => sum + (node.kind === "paper" ? 0 : node.papers), 0);
  const seen = new Set();        // one way through the same nodes, by its strongest edges
  return found.sort((a, b) => cost(a) - cost(b)).filter(({ nodes }) => {
    const key = nodes.map((node) => node.order).join();
    return !seen.has(key) && seen.add(key);
  }).slice(0, MOST);
}

export function pathTo(end) {
  const start = state.picked;
  aiming = false;
  if (!isNode(start) || !end || start === end) return;
  const paths = pathsBetween(start, end);
  const none = paths.length ? null : `Nothing that is drawn leads from ${start.name} to ${end.name}. Filters and hidden nodes count; a wider picture may have a path.`;
  Object.assign(state, { second: end, at: null, path: { paths: none ? [{ nodes: [start, end], edges: [] }] : paths, number: 0, none } });
  changed("picked");
}

export function aimAtPath(say) {
  if (!isNode(state.picked)) return;
  say(`Path from ${state.picked.name}: click the other end, or find it by name.`);
  aiming = true;
}

export function startPath() {
  onChange((what) => { if (what === "shown" || what === "picked") aiming = false; });
}

export function stepPath(step) {
  const { path } = state;
  path.number = (path.number + step + path.paths.length) % path.paths.length;
  changed("picked");
}

export function leavePath() {
  Object.assign(state, { path: null, second: null });
  changed("picked");
}
