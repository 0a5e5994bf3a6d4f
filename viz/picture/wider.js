// In the explorer: what lies next to a node and is not drawn yet, from the server. Nothing that is drawn moves; the new nodes find free places around theirs.
import { $, amount } from "../shared/elements.js";
import { add, nodeById, nodes, papers, texts } from "./data.js";
import { added } from "./state.js";

const GAP = 44;                 // pixels between the middles of new nodes
const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const MOST = 60_000;            // characters of an address

export async function widen(node, button, say) {
  button.disabled = true;
  const tell = (words) => {
    say(words);
    $("#note").textContent = words;
  };
  try {
    const asked = new URLSearchParams({ id: node.id });
    let room = MOST;                // a node that is left out may come back, and is passed over then
    for (const { id } of nodes) {
      room -= encodeURIComponent(id).length + "&drawn=".length;
      if (room < 0) break;
      asked.append("drawn", id);
    }
    const answer = await fetch(`/neighbours.json?${asked}`, { headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error((await answer.json()).error ?? answer.statusText);
    const { nodes: found, edges, papers: sources, texts: sentences, left_out: left } = await answer.json();
    place(node, found.filter(({ id }) => !nodeById.has(id)));
    const base = texts.length;
    texts.push(...sentences);
    Object.assign(papers, sources);
    for (const edge of edges) edge.evidence = edge.evidence.map(([paper, field, text, marks]) => [paper, field, text + base, marks]);
    const { nodes: fresh } = add(found, edges);
    if (fresh.length) added(fresh);
    tell(fresh.length ? `${amount(fresh.length, "node")} added around ${node.name}. ${left}` : `All that lies next to ${node.name} is drawn.`);
  } catch (error) {
    tell(`Nothing was added: ${error.message}`);
  } finally {
    button.disabled = false;
  }
}

// A sunflower around the node; a place that is taken is left out.
function place(host, fresh) {
  const taken = nodes.filter(({ x, y }) => Math.hypot(x - host.x, y - host.y) < 40 * GAP).map(({ x, y }) => [x, y]);
  let turn = 1;
  for (const node of fresh) {
    for (;; turn++) {
      const reach = GAP * Math.sqrt(turn) + host.size;
      const [x, y] = [Math.round(host.x + reach * Math.cos(turn * GOLDEN)), Math.round(host.y + reach * Math.sin(turn * GOLDEN))];
      if (taken.some(([a, b]) => Math.hypot(a - x, b - y) < 0.8 * GAP) && turn < 5000) continue;
      Object.assign(node, { x, y });
      taken.push([x, y]);
      turn++;
      break;
    }
  }
}
