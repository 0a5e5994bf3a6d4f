// The legend is the filter: ticks for types and roles with their counts, years, the least score, sliders; and the counts in the foot.
import { $, amount } from "../shared/elements.js";
import { edges, extent, nodes } from "./data.js";
import { radius } from "./picture.js";
import { around, onChange, remember, set, showAgain, state, toggle } from "./state.js";

const STEPS = [1, 2, 5, 10, 25, 50, 100, 200, 400];      // of the size key, which shows three of them up to the greatest in the picture

function draw() {
  for (const tick of $("#legend").querySelectorAll("input[type=checkbox]")) {
    const all = [...nodes, ...edges].filter((thing) => [thing.kind, thing.role, thing.generic && "generic"].includes(tick.value));
    const seen = all.filter((thing) => thing.shown).length;
    tick.checked = !state.off.has(tick.value);
    tick.closest("label").hidden = !all.length;
    $(".count", tick.closest("label")).textContent = seen === all.length ? seen : `${seen}/${all.length}`;
  }
  const part = (list, noun) => {
    const seen = list.filter((thing) => thing.shown).length;
    return seen === list.length ? amount(seen, noun) : `${seen.toLocaleString("en")} of ${amount(list.length, noun)}`;
  };
  $("#counts").textContent = `${part(nodes, "node")}, ${part(edges, "edge")}`;
  const empty = !nodes.some((node) => node.shown);
  $("#empty").hidden = !empty;
  $("#empty").textContent = nodes.length ? "Every node is hidden. Switch a type on under Nodes, or press U to undo." : "There is nothing to draw: no names, and no papers that share any.";
  drawSliders();
}

function drawSliders() {
  const slide = (id, value, most, words) => {
    const input = $(id);
    if (!input) return;
    input.max = String(most);
    input.value = String(value);
    $("output", input.closest("label")).textContent = words;
    input.closest("label").hidden = Number(input.min) >= most;
  };
  const entities = nodes.filter((node) => node.kind !== "paper");
  slide("#degree", state.degree, Math.min(30, Math.max(0, extent(entities, (node) => node.edges.length)[1])), state.degree ? `${state.degree} or more` : "all");
  slide("#weight", state.weight, Math.min(50, Math.max(1, extent(edges, (edge) => edge.weight)[1])), state.weight > 1 ? `${state.weight} or more` : "all");
  slide("#score", Math.round(100 * state.score), 99, state.score ? `${state.score.toFixed(2)} or more` : "all");
  for (const [i, id] of ["#year-from", "#year-to"].entries()) if ($(id)) $(id).value = state.years[i] ?? "";
  if (!$("#measure")) return;
  $("#measure").value = state.measure;
  const [, most] = extent(entities, (node) => (state.measure === "edges" ? around(node).length : node.papers));
  const last = Math.max(4, STEPS.findLastIndex((n) => n <= most));
  const key = state.measure === "alike" ? [] : [STEPS[last - 4], STEPS[last - 2], STEPS[last]];
  const sizes = $("#sizes");
  sizes.toggleAttribute("hidden", !key.length);
  const [circles, texts] = [sizes.querySelectorAll("circle"), sizes.querySelectorAll("text")];
  key.forEach((n, i) => {
    const r = radius(state.measure, n);
    circles[i].setAttribute("r", r);
    circles[i].setAttribute("cy", 46 - r);
    texts[i].textContent = n;
  });
  sizes.setAttribute("aria-label", `Size key: ${key.join(", ")} ${state.measure}`);
}

const year = (text) => (/^\s*\d{1,4}\s*$/.test(text) ? Number(text) : null);

const inOrder = (from, to) => (from !== null && to !== null && from > to ? [to, from] : [from, to]);

export function startLegend() {
  draw();
  onChange((what) => what === "shown" && draw());
  const legend = $("#legend");
  if (matchMedia("(max-width: 900px)").matches) legend.open = false;     // there it stands between the picture and the sentences
  legend.addEventListener("change", ({ target }) => {
    if (target.type === "checkbox") toggle(target.value);
    else if (target.id === "measure") set({ measure: target.value });
    else if (target.id.startsWith("year-")) set({ years: inOrder(year($("#year-from").value), year($("#year-to").value)) });
  });
  let slid = { id: "", time: -Infinity };       // one step back for one move of a slider, by hand or by keys
  legend.addEventListener("input", ({ target, timeStamp }) => {
    if (target.type !== "range") return;
    if (slid.id !== target.id || timeStamp - slid.time > 1000) remember();
    slid = { id: target.id, time: timeStamp };
    if (target.id === "degree") state.degree = Number(target.value);
    else if (target.id === "weight") state.weight = Number(target.value);
    else state.score = Number(target.value) / 100;
    showAgain();
  });
}
