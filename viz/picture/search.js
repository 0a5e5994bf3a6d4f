// Find in the picture: exact names, then beginnings, then names that hold the letters, then by papers; near names where nothing does.
import { $ } from "../shared/elements.js";
import { combobox } from "../shared/combobox.js";
import { nodes } from "./data.js";

const plain = (text) => text.normalize("NFKC").toLowerCase();
// A paper also by what stands beside it in the picture, and by its id.
const calledSo = (node) => node.kind === "paper" ? [node.by && node.year ? `${node.by} ${node.year}` : "", node.id].filter(Boolean) : (node.names ?? []).map(([name]) => name);
const namesOf = (node) => [[node.name, false], ...calledSo(node).map((name) => [name, true])].map(([text, alias]) => ({ node, text, alias, key: plain(text) }));
let held = { count: 0, names: [] };       // names of all nodes; more may come

function everyName() {
  if (held.count !== nodes.length) held = { count: nodes.length, names: nodes.flatMap(namesOf) };
  return held.names;
}

function find(text) {
  const query = plain(text.trim());
  const grade = ({ key }) => (key === query ? 0 : key.startsWith(query) ? 1 : 2);
  const best = new Map();       // one row a node: its best spelling
  const hits = everyName().filter(({ key }) => key.includes(query))
    .sort((a, b) => grade(a) - grade(b) || b.node.papers - a.node.papers || a.alias - b.alias || a.key.length - b.key.length);
  for (const hit of hits) if (!best.has(hit.node)) best.set(hit.node, hit);
  const rows = [...best.values()].slice(0, 8).map(({ node, text: met, alias }) =>
    ({ node, kind: node.kind, name: node.name, alias: alias ? met : null, papers: node.papers, date: node.date }));
  return { hits: rows, near: rows.length ? [] : nearest(text) };
}

const pairs = (text) => new Set(Array.from(text, (_, i) => ` ${text} `.slice(i, i + 2)));

function nearest(query) {
  const wanted = pairs(plain(query));
  const likeness = ({ key }) => {
    const own = pairs(key);
    return 2 * [...own].filter((pair) => wanted.has(pair)).length / (own.size + wanted.size);
  };
  const near = everyName().map((name) => [likeness(name), name.text]).filter(([score]) => score > 0.25).sort((a, b) => b[0] - a[0]);
  return [...new Set(near.map(([, text]) => text))].slice(0, 3);
}

export function startSearch(take) {
  combobox($("#find"), { find, take: ({ node }) => take(node) });
}
