// The same content as plain tables, for reading, for screen readers, and for whoever prefers them.
import { $, amount, button, el, short } from "../shared/elements.js";
import { ROLES, edges, ranked, texts } from "./data.js";
import { box } from "./picture.js";
import { nameButton } from "./panel.js";
import { around, onChange, pick } from "./state.js";

const PAGE = 500;               // rows shown at once

export function showList(on) {
  $("#list").hidden = !on;
  box.inert = on;
  $("#as-list").setAttribute("aria-pressed", String(on));
  if (on) draw();
}

const isList = () => !$("#list").hidden;

function table(title, heads, things, row) {
  const body = el("tbody", {}, ...things.slice(0, PAGE).map(row));
  const left = things.slice(PAGE);
  const whole = el("table", {}, el("caption", {}, title),
    el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col", class: ["Papers", "Edges", "Score"].includes(text) && "num" }, text)))), body);
  const more = button(`${left.length.toLocaleString("en")} more rows`, () => { more.remove(); body.append(...left.map(row)); });
  return left.length ? [whole, more] : [whole];
}

function draw() {
  if (!isList()) return;
  const nodeRow = (node) => el("tr", {}, el("td", {}, nameButton(node)), el("td", {}, node.kind), el("td", {}, String(node.date ?? node.year ?? "")),
    el("td", { class: "num" }, node.kind === "paper" ? "" : node.papers.toLocaleString("en")), el("td", { class: "num" }, String(around(node).length)));
  const edgeRow = (edge) => el("tr", {}, el("td", {}, nameButton(edge.tail)), el("td", {}, button(ROLES[edge.role].out, () => pick(edge), "plain")),
    el("td", {}, nameButton(edge.head)), el("td", { class: "num" }, edge.score.toFixed(2)), el("td", { class: "words" }, short(texts[edge.evidence[0]?.[2]] ?? "", 2000)));
  const [shownNodes, shownEdges] = [ranked().filter((node) => node.shown), edges.filter((edge) => edge.shown)];
  $("#list").replaceChildren(
    ...table(amount(shownNodes.length, "node"), ["Name", "Type", "Date", "Papers", "Edges"], shownNodes, nodeRow),
    ...table(amount(shownEdges.length, "edge"), ["From", "Role", "To", "Score", "Sentence"], shownEdges, edgeRow));
}

export function startList() {
  $("#as-list").addEventListener("click", () => showList(!isList()));
  onChange((what) => what === "shown" && draw());
}
