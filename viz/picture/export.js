// What is shown, as a file: the picture (SVG, PNG), or the selection (JSON, CSV, Cypher): the selected node or edge with what it touches, else all that is shown.
import { $ } from "../shared/elements.js";
import { edges, isNode, nodes, other, page, papers, texts } from "./data.js";
import { colours, drawWith } from "./picture.js";
import { canvasPen, svgPen } from "./shapes.js";
import { around, state } from "./state.js";

function save(content, type, ending) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const address = URL.createObjectURL(blob);
  const name = page.title.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase().slice(0, 60) || "graph";
  const anchor = Object.assign(document.createElement("a"), { href: address, download: `${name}.${ending}` });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function svg() {
  const root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const { width, height } = drawWith(svgPen(root));
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) root.setAttribute(name, String(value));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width, height, fill: colours.bg })) ground.setAttribute(name, String(value));
  root.prepend(ground);
  save(new XMLSerializer().serializeToString(root), "image/svg+xml", "svg");
}

function png() {
  const frame = $("#canvas").getBoundingClientRect();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * frame.width, height: 2 * frame.height });
  const ctx = canvas.getContext("2d");
  ctx.scale(2, 2);
  ctx.fillStyle = colours.bg;
  ctx.fillRect(0, 0, frame.width, frame.height);
  drawWith(canvasPen(ctx));
  canvas.toBlob((blob) => save(blob, "image/png", "png"));
}

function selection() {
  const { picked, path } = state;
  if (path) return [path.paths[path.number].nodes, path.paths[path.number].edges];
  if (isNode(picked)) return [[picked, ...new Set(around(picked).map((edge) => other(edge, picked)))], around(picked)];
  if (picked) return [[picked.tail, picked.head], [picked]];
  return [nodes.filter((node) => node.shown), edges.filter((edge) => edge.shown)];
}

const nodeRecord = ({ id, kind, name, papers: named, date, url, names, generic }) =>
  (kind === "paper" ? { id, kind, title: name, date, url } : { id, kind, name, papers: named, generic, aliases: names.map(([text]) => text) });
const edgeRecord = ({ tail, head, role, score, weight, values, evidence }) => ({
  source: tail.id, target: head.id, role, score, papers: weight, ...(values.length ? { values } : {}),
  evidence: evidence.map(([paper, field, text, marks]) => ({ paper, title: papers[paper]?.[0] ?? null, field, sentence: texts[text], marks })),
});

function asJson([someNodes, someEdges]) {
  return JSON.stringify({ title: page.title, command: page.command, nodes: someNodes.map(nodeRecord), edges: someEdges.map(edgeRecord) }, null, 2);
}

// One row an edge, RFC 4180; a leading apostrophe keeps a spreadsheet from taking a text for a formula.
function asCsv([, someEdges]) {
  const cell = (value) => {
    const text = String(value ?? "");
    const safe = /^[=+\-@\t\r]/.test(text) && typeof value === "string" ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const heads = ["source", "source_name", "source_kind", "role", "target", "target_name", "target_kind", "score", "papers", "paper", "sentence"];
  const rows = someEdges.map(({ tail, head, role, score, weight, evidence }) =>
    [tail.id, tail.name, tail.kind, role, head.id, head.name, head.kind, score, weight, evidence[0]?.[0], texts[evidence[0]?.[2]]]);
  return [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

// Statements that may be run twice. Every text is a literal: JSON's escapes are Cypher's.
function asCypher([someNodes, someEdges]) {
  const text = (value) => JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const literal = (value) => Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : typeof value === "string" ? text(value) : String(value);
  const map = (record) => `{${Object.entries(record).filter(([, v]) => v !== null && v !== undefined).map(([k, v]) => `${k}: ${literal(v)}`).join(", ")}}`;
  const label = ({ kind }) => kind[0].toUpperCase() + kind.slice(1);
  const made = someNodes.map((node) => {
    const { id, ...rest } = nodeRecord(node);
    return `MERGE (n:${label(node)} {id: ${text(id)}}) SET n += ${map(rest)};`;
  });
  const tied = someEdges.map((edge) => {
    const { source, target, role, score, evidence } = edgeRecord(edge);
    const first = evidence[0] ?? {};
    const ends = `MATCH (a:${label(edge.tail)} {id: ${text(source)}}), (b:${label(edge.head)} {id: ${text(target)}})`;
    return `${ends} MERGE (a)-[r:${role.toUpperCase()}]->(b) SET r += ${map({ role, score, paper: first.paper, sentence: first.sentence })};`;
  });
  return [...made, ...tied].join("\n") + "\n";
}

export function startExport() {
  const does = {
    svg, png, json: () => save(asJson(selection()), "application/json", "json"), csv: () => save(asCsv(selection()), "text/csv", "csv"),
    cypher: () => save(asCypher(selection()), "text/plain", "cypher"),
  };
  const menu = $("#export");
  menu.addEventListener("click", ({ target }) => {
    const form = target.closest("button")?.value;
    if (!does[form]) return;
    does[form]();
    menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    $("summary", menu).focus();
  });
}
