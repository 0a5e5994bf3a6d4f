// The panel: what is selected, its edges, strongest first, and the sentences behind each; or a path as a chain of sentences.
import { $, amount, bdi, button, dateWords, el, glyph, isWeb, link, quoteOf } from "../shared/elements.js";
import { ROLES, ROLE_NAMES, counted, isNode, naming, nodeById, nodes, other, page, papers, texts, wordsOf } from "./data.js";
import { aimAtPath, leavePath, stepPath } from "./path.js";
import { show } from "./picture.js";
import { around, fold, hide, leavesOf, onChange, pick, state } from "./state.js";
import { widen } from "./wider.js";

const FIRST = 40;               // edges listed before "more here"

export const say = (words) => { $("#said").textContent = words; };

export function goTo(node) {
  pick(node);
  show(node);
}

export const nameButton = (node) =>
  el("button", { type: "button", class: "name", title: node.kind, onclick: () => goTo(node) }, glyph(node.kind), bdi(node.name));
const head = (title, note) => el("div", { class: "head" }, el("h3", {}, title), note ? el("span", { class: "muted small" }, note) : null);

function draw() {
  const panel = $("#panel");
  const inside = panel.contains(document.activeElement);      // its button is about to go: the focus stays here
  const { picked, path } = state;
  panel.replaceChildren(...(path ? pathWords() : isNode(picked) ? nodeWords(picked) : picked ? edgeWords(picked) : nothingWords()).filter(Boolean));
  panel.scrollTop = 0;
  if (inside) panel.focus({ preventScroll: true });
}

function nodeWords(node) {
  const seen = around(node);
  const leaves = (state.folds.get(node) ?? leavesOf(node)).size;
  const unseen = node.edges.length - seen.length;
  const paper = node.kind === "paper";
  const fact = (before, value) => el("span", {}, before, el("b", {}, value));
  return [
    el("div", { class: "title" }, glyph(node.kind), el("h2", {}, bdi(node.name, 1000)), el("span", { class: "muted" }, node.kind)),
    el("p", { class: "facts" },
      !paper && node.kind !== "community" && fact("named in ", counted(node)), node.kind === "community" && fact("", counted(node)),
      paper && node.date && fact("", dateWords(node.date)), !paper && node.year && fact("first named in ", String(node.year)),
      node.address && link(node.address, "Open its page"), isWeb(node.url) && link(node.url, "Open paper")),
    el("div", { class: "acts" },
      leaves ? button(state.folds.has(node) ? `Unfold ${leaves}` : `Fold ${leaves}`, () => fold(node)) : null,
      button("Path to …", () => aimAtPath(say)), button("Hide", () => hide(node)),
      page.expand && node.kind !== "community" ? button("Wider", (event) => widen(node, event.target, say)) : null),
    ...nameWords(node),
    head(`${amount(seen.length, "edge")} here`, seen.length > 1 && "strongest first"),
    edgeGroups(node, seen),
    unseen ? el("p", { class: "muted small" }, `${amount(unseen, "edge")} not drawn: folded, hidden, or off in the filters.`) : null,
  ];
}

// Other names with why they are names of it; and which were kept apart, which is a decision too.
function nameWords(node) {
  const row = (before, name, why) => el("li", {}, before ? el("span", { class: "muted" }, before) : null, el("b", {}, bdi(name)), why ? el("span", { class: "why" }, bdi(why, 400)) : null);
  const rows = [...(node.names ?? []).map(([name, why]) => row("", name, why)), ...(node.apart ?? []).map(([name, why]) => row("kept apart ", name, why))];
  if (!rows.length) return [];
  const [first, left] = [rows.slice(0, 4), rows.slice(4)];
  return [head("Names"), el("ul", { class: "names small" }, ...first),
    left.length ? el("details", {}, el("summary", {}, `${left.length} more`), el("ul", { class: "names small" }, ...left)) : null];
}

// By role and direction, then as many papers say so.
function strongestFirst(node, its) {
  const key = (edge) => 2 * ROLE_NAMES.indexOf(edge.role) + (edge.tail === node ? 0 : 1);
  return [...its].sort((a, b) => key(a) - key(b) || b.weight - a.weight || b.score - a.score);
}

function edgeGroups(node, seen) {
  const sorted = strongestFirst(node, seen);
  const groups = el("div");
  let words = null;
  let list = null;
  const add = (part) => part.forEach((edge) => {
    const its = wordsOf(edge, node);
    if (its !== words) groups.append(el("h4", { class: "rel" }, words = its), list = el("ul", { class: "told" }));
    list.append(el("li", {}, nameButton(other(edge, node)), edgeNote(edge), ...quotes(edge, 2)));
  });
  add(sorted.slice(0, FIRST));
  const left = sorted.slice(FIRST);
  const more = button(`${left.length.toLocaleString("en")} more here`, () => { more.remove(); add(left); }, "plain");
  if (left.length) groups.append(more);
  return groups;
}

const edgeNote = (edge) => edge.values.length ? el("span", { class: "muted small" }, " ", bdi(edge.values.join(", ")))
  : edge.role === "together" ? el("span", { class: "muted small" }, ` in ${amount(edge.weight, "paper")}`) : null;

function edgeWords(edge) {
  return [
    el("div", { class: "title" }, el("h2", {}, ROLES[edge.role].out)),
    el("p", {}, nameButton(edge.tail)),
    el("p", {}, el("span", { class: "rel" }, `${ROLES[edge.role].out} `), nameButton(edge.head), edgeNote(edge)),
    el("p", { class: "facts" }, el("span", {}, "score ", el("b", {}, edge.score.toFixed(2))), el("span", {}, "said by ", el("b", {}, amount(edge.weight, "paper")))),
    head(amount(edge.evidence.length, "sentence")),
    ...quotes(edge, Infinity),
  ];
}

// The first sentences of an edge; the others wait behind a summary.
function quotes(edge, most) {
  const kind = edge.head.kind === "paper" ? edge.tail.kind : edge.head.kind;
  const all = edge.evidence.map(([paper, field, text, marks]) =>
    el("figure", { class: "said" }, quoteOf(texts[text], marks, kind), el("figcaption", { class: "where" }, ...source(paper, field, edge))));
  const left = all.splice(most);
  return left.length ? [...all, el("details", {}, el("summary", {}, amount(left.length, "more sentence")), ...left)] : all;
}

// The paper a sentence stands in, unless it is an end of the edge and so named beside it already; with a link to where it is to be read.
function source(id, field, edge) {
  const place = field === "title" ? "title" : "abstract";
  const [title, address] = papers[id] ?? [id, null];
  const open = address ? [" · ", link(address, "open")] : [];
  if (state.picked !== edge && [edge.tail.id, edge.head.id].includes(id)) return [place, ...open];
  const paper = nodeById.get(id);
  const name = bdi(title ?? id);
  return [paper ? button(name, () => goTo(paper), "plain") : name, ` · ${place}`, ...open];
}

function pathWords() {
  const { paths, number, none } = state.path;
  const { nodes: along, edges: steps } = paths[number] ?? { nodes: [], edges: [] };
  if (none) return [el("h2", {}, "No path here"), el("p", { class: "muted" }, none), el("div", { class: "acts" }, button("Back", leavePath))];
  return [
    el("h2", {}, `Path of ${amount(steps.length, "step")}`),
    el("p", { class: "muted small" }, `${number + 1} of ${paths.length}, the fewest steps first, then the rarest names.`),
    el("div", { class: "acts" }, paths.length > 1 ? button("Next path", () => stepPath(1)) : null, button("Leave the path", leavePath)),
    el("ol", { class: "chain" }, ...along.map((node, i) => el("li", {}, nameButton(node),
      steps[i] ? el("p", { class: "rel" }, wordsOf(steps[i], node)) : null, ...(steps[i] ? quotes(steps[i], 1) : [])))),
  ];
}

function nothingWords() {
  const degrees = nodes.filter((node) => node.shown).map((node) => [node, around(node).length]);
  const most = degrees.sort((a, b) => b[1] - a[1]).slice(0, 10);
  return [
    el("h2", {}, "Nothing selected"),
    ...(nodes.length ? [el("p", { class: "muted small" }, "Click a node or an edge to read its sentences."), head("Most edges here")] : []),
    el("ul", { class: "most" }, ...most.map(([node, degree]) => el("li", {}, nameButton(node), el("span", { class: "muted" }, String(degree))))),
    nodes.length > 0 && $("#keys").content.cloneNode(true),
  ];
}

export function startPanel() {
  draw();
  onChange((what) => {
    if (what === "picked" || what === "shown") draw();
    if (what !== "picked") return;
    const { picked } = state;
    if (isNode(picked)) say(`Selected: ${naming(picked)}, ${amount(around(picked).length, "edge")} here`);
    else say(picked ? `Selected: ${picked.tail.name} ${ROLES[picked.role].out} ${picked.head.name}` : "Nothing selected");
  });
}

// By keys: through the edges of the selected node, in the order of the panel.
export function stepEdges(step) {
  const { picked } = state;
  const node = isNode(picked) ? picked : picked && [picked.tail, picked.head].includes(state.stepping) ? state.stepping : picked?.tail;
  if (!node) return;
  const list = strongestFirst(node, around(node));
  if (!list.length) return;
  const at = list.indexOf(picked);
  const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
  pick(next);
  state.stepping = node;
}
