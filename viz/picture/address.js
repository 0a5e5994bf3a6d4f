// The state of the page in its address, after the #, so that a link shows the same. What the fragment names and the page does not hold is passed over.
import { ROLE_NAMES, edgeByKey, isNode, nodes } from "./data.js";
import { camera, hasPicture } from "./picture.js";
import { pathTo } from "./path.js";
import { byId, decideShown, onChange, state } from "./state.js";

let written = location.hash.slice(1);

function fragment() {
  const { off, years, score, degree, weight, measure, folds, dropped, picked, second, path } = state;
  const out = new URLSearchParams();
  const put = (name, value, usual) => String(value) !== String(usual) && out.set(name, String(value));
  put("off", [...off].sort().join(" "), usual.off);
  put("years", years.map((year) => year ?? "").join("-"), "-");
  put("score", score, 0);
  put("degree", degree, 0);
  put("weight", weight, 1);
  put("size", measure, "papers");
  for (const [node, inside] of folds) if (!usual.folds.has(node)) out.append("fold", [node, ...inside].map(({ id }) => id).join("\n"));
  for (const node of usual.folds) if (!folds.has(node)) out.append("open", node.id);
  for (const node of dropped) out.append("hide", node.id);
  if (isNode(picked)) put("at", picked.id, usual.at);
  else if (picked) out.set("edge", picked.key);
  else if (usual.at) out.set("at", "");
  if (second) out.set("to", second.id);
  if (path && path.number) out.set("path", String(path.number));
  if (hasPicture()) put("view", place(), usual.view);
  return out.toString();
}

const usual = { off: "", folds: new Set(), at: "", view: null };

function place() {
  const { x, y, scale } = camera();
  return [Math.round(x), Math.round(y), scale.toPrecision(4)].join(" ");
}

function number(text, low, high, otherwise) {
  const value = Number(text);
  return text !== null && text !== "" && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise;
}

// Reads the fragment into the state; returns the view that it names, or null.
export function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const words = new Set(["generic", ...ROLE_NAMES, ...nodes.map(({ kind }) => kind)]);
  if (given.has("off")) state.off = new Set(given.get("off").split(" ").filter((word) => words.has(word)));
  const years = /^(\d{0,4})-(\d{0,4})$/.exec(given.get("years") ?? "");
  if (years) state.years = [years[1], years[2]].map((text) => (text ? Number(text) : null));
  state.score = number(given.get("score"), 0, 1, 0);
  state.degree = number(given.get("degree"), 0, 1000, 0);
  state.weight = number(given.get("weight"), 1, 1000, 1);
  if (["papers", "edges", "alike"].includes(given.get("size"))) state.measure = given.get("size");
  for (const id of given.getAll("open")) state.folds.delete(byId(id));
  for (const id of given.getAll("hide")) if (byId(id)) state.dropped.add(byId(id));
  for (const ids of given.getAll("fold")) {
    const [node, ...inside] = ids.split("\n").map(byId);
    if (node && inside.some(Boolean)) state.folds.set(node, new Set(inside.filter(Boolean)));
  }
  decideShown();
  const shown = (thing) => (thing?.shown ? thing : null);
  if (given.has("edge")) state.picked = shown(edgeByKey.get(given.get("edge")));
  else if (given.has("at")) state.picked = shown(byId(given.get("at")));
  if (given.has("to") && isNode(state.picked)) {
    pathTo(byId(given.get("to")));
    if (state.path) state.path.number = Math.round(number(given.get("path"), 0, state.path.paths.length - 1, 0));
  }
  const view = (given.get("view") ?? "").split(" ").map(Number);
  return view.length === 3 && view.every(Number.isFinite) && view[2] > 0 ? { x: view[0], y: view[1], scale: view[2] } : null;
}

// What the picture opens with, which the fragment need not say.
export const noteOpening = () => { usual.view = place(); };

export function noteUsual() {
  Object.assign(usual, { off: [...state.off].sort().join(" "), folds: new Set(state.folds.keys()), at: state.picked?.id ?? "" });
}

export function startAddress(again) {
  let waiting = 0;
  onChange((what) => {
    if (what === "at") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      written = fragment();
      history.replaceState(null, "", written ? `#${written}` : location.pathname + location.search);
    }, 200);
  });
  addEventListener("hashchange", () => location.hash.slice(1) !== written && again());
}
