// The picture: an engine draws nodes and edges; over it, on a canvas of ours, what is lit, rings, folds and names. Pointer and camera are handled here.
import { $ } from "../shared/elements.js";
import { KINDS, ROLES, centre, edges, extent, isNode, least, nodes, page } from "./data.js";
import { LINE, placeLabels } from "./labels.js";
import { canvasPen, drawEdge, drawNode } from "./shapes.js";
import { isAiming, pathTo } from "./path.js";
import { sigmaEngine } from "./sigma.js";
import { around, changed, fold, light, onChange, pick, state } from "./state.js";
import { visEngine } from "./vis.js";

export const box = $("#canvas");
const over = $("#over");
const still = matchMedia("(prefers-reduced-motion: reduce)");
const webgl = page.engine === "sigma";
const inZoom = (scale) => Math.min(4, Math.max(webgl ? 0.01 : 0.1, scale));
let engine = null;
export const colours = {};
let band = 2;                   // how near: 0 under 0.3, 1 under 0.7, 2 up to 1.5, 3 beyond
let lit = null;
let labels = null;              // placed labels; null: place them at the next drawing
export const sans = getComputedStyle(document.body).fontFamily;

// A custom property would give the text "light-dark(…)"; the computed colour of an element is resolved.
export function readColours() {
  const probe = document.body.appendChild(document.createElement("i"));
  for (const token of ["bg", "edge", "ink", "ink-2", "community", ...KINDS]) {
    probe.style.color = `var(--${token})`;
    colours[token] = getComputedStyle(probe).color;
  }
  probe.remove();
}

const faded = (colour, alpha) => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
// As if faded over the ground, but opaque: sigma.js draws what shines through all but black. Paler, since where it draws there are many lines.
const mixed = (colour, full) => {
  const alpha = 0.6 * full;
  const [over, under] = [colour, colours.bg].map((text) => text.match(/[\d.]+/g).map(Number));
  return `rgb(${[0, 1, 2].map((i) => Math.round(alpha * over[i] + (1 - alpha) * under[i])).join(", ")})`;
};

// The radius of an entity's node, by a measure: its area grows with it.
export const radius = (measure, n) => (measure === "alike" ? 8 : Math.min(23, 4.5 + 0.88 * Math.sqrt(measure === "edges" ? 4 * n : n)));
const sizeOf = (node) => node.kind === "paper" ? 6.5 : radius(state.measure, state.measure === "edges" ? around(node).length : node.papers);

const strongest = Math.max(1, extent(edges, (edge) => edge.weight)[1]);
const widthOf = (edge) => ROLES[edge.role].width + (edge.role === "together" ? 4 * Math.sqrt(edge.weight / strongest) : 0);

const isDrawn = (edge) => edge.shown && (lit?.has(edge) || band > 1 || !["mentions", "uses", "compares", "evaluates_on"].includes(edge.role) ||
  (band === 1 ? edge.role !== "mentions" : webgl && edge.role !== "mentions"));

const nodeLook = (node) => ({ x: node.x, y: node.y, size: node.size, colour: colours[node.kind], border: colours.bg, hidden: !node.shown });
const edgeLook = (edge) => {
  const { arrow, length, dash, token = "edge", alpha = 0.55 } = ROLES[edge.role];
  return { width: edge.width, dash, colour: (webgl ? mixed : faded)(colours[token], alpha), arrow: band > 1 ? arrow : null, length, hidden: !isDrawn(edge) };
};

export function redress() {
  if (!engine) return;
  for (const node of nodes) node.size = sizeOf(node);
  for (const edge of edges) edge.width = widthOf(edge);
  labels = null;
  engine.update(nodes, edges);
}

// ---------- camera ----------

export const camera = () => engine.camera();
export const hasPicture = () => engine !== null;

// The view in which all that is shown fits; with a middle, that point stays in the centre of the picture.
function wholeView(middle = null) {
  const some = nodes.some((node) => node.shown);
  const seen = nodes.filter((node) => node.shown || !some);
  const span = (axis) => {
    const [low, high] = extent(seen, (node) => node[axis]);
    const mid = middle?.[axis] ?? (low + high) / 2;
    return [mid, 2 * Math.max(high - mid, mid - low, 1)];
  };
  const [[x, width], [y, height]] = [span("x"), span("y")];
  return { x, y, scale: inZoom(Math.min((box.clientWidth - 112) / width, (box.clientHeight - 96) / height, 1.5)) };
}

export function moveTo({ x, y, scale = camera().scale }) {
  engine.move({ x, y, scale: inZoom(scale) }, !still.matches);
}

export const zoom = (factor) => moveTo({ ...camera(), scale: camera().scale * factor });
export const show = (node) => moveTo({ x: node.x, y: node.y, scale: Math.max(camera().scale, 0.7) });

export const fit = () => moveTo(wholeView());

const bandOf = (scale) => (scale < 0.3 ? 0 : scale < 0.7 ? 1 : scale <= 1.5 ? 2 : 3);

// A move has ended: looks that depend on the scale, then the labels.
function settle() {
  if (!engine) return;
  const now = camera();
  if (Math.abs(now.scale - inZoom(now.scale)) > 1e-6) engine.move({ ...now, scale: inZoom(now.scale) }, false);
  const was = band;
  band = bandOf(camera().scale);
  labels = null;
  if (band !== was) engine.update([], edges);
  engine.redraw();
  changed("moved");
}

// The view of a fragment, or the whole of what is shown, opened where names can be read.
export function makePicture(given) {
  const whole = wholeView();
  const view = given ?? (whole.scale > 0.55 || !centre ? whole : wholeView(centre));
  if (!given && nodes.length <= 500) view.scale = Math.max(view.scale, view === whole ? 0.32 : 0.7);     // where lines are drawn; where names can be read
  band = bandOf(inZoom(view.scale));
  const make = webgl ? sigmaEngine : visEngine;
  let ready = false;
  engine = make(box, {
    nodeLook, edgeLook, many: nodes.length > 500, still: still.matches, moved: () => ready && settle(),
    drawn: () => {
      if (!ready) return;
      drawOver();
      window.kgReady ??= performance.now();
    },
  });
  redress();
  ready = true;
  engine.move({ ...view, scale: inZoom(view.scale) }, false);
  listenToPointer();
}

// ---------- where things are ----------

function placer() {
  const { x, y, scale } = camera();
  const [width, height] = [box.clientWidth, box.clientHeight];
  return { width, height, scale, spot: (node) => ({ x: (node.x - x) * scale + width / 2, y: (node.y - y) * scale + height / 2, r: node.size * scale }) };
}

// Not an engine's own search: that also finds what is hidden. Four pixels of slack, for fingers.
function thingAt(px, py) {
  const { spot } = placer();
  const toNode = (node) => { const { x, y, r } = spot(node); return Math.hypot(x - px, y - py) - Math.max(r, 2); };
  const toLine = ({ tail, head }) => {
    const [a, b] = [spot(tail), spot(head)];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const t = Math.min(1, Math.max(0, ((px - a.x) * dx + (py - a.y) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(a.x + t * dx - px, a.y + t * dy - py);
  };
  return least(nodes.filter((node) => node.shown), toNode, 4) ?? least(edges.filter(isDrawn), toLine, 4);
}

export const placeOf = (node) => placer().spot(node);

function hover(node) {
  if (node === state.at) return;
  state.at = node;
  changed("at");
}


// A click is a press and a release in one place, whatever the engine makes of it; two on one node fold it.
function listenToPointer() {
  let waiting = 0;
  let down = null;
  let last = { time: 0, thing: null };
  const at = (event) => {
    const frame = box.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  box.addEventListener("pointerdown", (event) => { down = event.isPrimary && event.button === 0 ? at(event) : null; }, true);
  box.addEventListener("pointerup", (event) => {
    const [x, y] = at(event);
    if (!down || Math.hypot(x - down[0], y - down[1]) > 5) return;
    down = null;
    box.focus({ preventScroll: true });
    const thing = thingAt(x, y);
    const twice = isNode(thing) && thing === last.thing && event.timeStamp - last.time < 400;
    last = { time: event.timeStamp, thing: twice ? null : thing };
    if (twice) fold(thing);
    else if ((isAiming() || event.shiftKey) && isNode(thing) && isNode(state.picked) && thing !== state.picked) pathTo(thing);
    else pick(thing);
  }, true);
  box.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const thing = event.buttons ? null : thingAt(...at(event));
      box.classList.toggle("over", Boolean(thing));
      hover(isNode(thing) ? thing : null);
    }, 80);
  });
  box.addEventListener("pointerleave", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => hover(null), 0);
  });
  box.addEventListener("dblclick", (event) => event.stopPropagation(), true);
  $("#zoom-in").addEventListener("click", () => zoom(1.2));
  $("#zoom-out").addEventListener("click", () => zoom(1 / 1.2));
  $("#fit").addEventListener("click", fit);
}

// ---------- over the picture: fading, rings, labels ----------

// Fading is one veil over all, then the lit things once more: the cost does not grow with the graph.
function drawOver() {
  const place = placer();
  const dots = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(place.width * dots), Math.round(place.height * dots)];
  if (over.width !== width || over.height !== height) Object.assign(over, { width, height });
  const ctx = over.getContext("2d");
  ctx.setTransform(dots, 0, 0, dots, 0, 0);
  ctx.clearRect(0, 0, place.width, place.height);
  const pen = canvasPen(ctx);
  if (lit) {
    ctx.globalAlpha = 0.68;
    ctx.fillStyle = colours.bg;
    ctx.fillRect(0, 0, place.width, place.height);
    ctx.globalAlpha = 1;
    drawThings(pen, place, [...lit].filter((thing) => !isNode(thing) && thing.shown), [...lit].filter((thing) => isNode(thing) && thing.shown), true);
  }
  drawMarks(pen, place);
  labels ??= placeLabels(ctx, { ...place, band, lit, first: [state.picked, state.at, state.second].filter(isNode), folds: state.folds, sans });
  for (const label of labels) drawLabel(pen, place, label);
}

function drawThings(pen, { spot, scale }, someEdges, someNodes, on) {
  for (const edge of someEdges) drawEdge(pen, edge, spot(edge.tail), spot(edge.head), scale, colours, on);
  for (const node of someNodes) drawNode(pen, node, spot(node), colours);
}

function drawMarks(pen, { spot }) {
  for (const [node, inside] of state.folds) {
    if (!node.shown || !inside.size) continue;
    const { x, y, r } = spot(node);
    pen.disc(x, y, r + 3, { stroke: colours["ink-2"], width: 1.2, dash: [3, 3] });
    pen.text(`+${inside.size}`, x + r + 3, y - r, { font: `11px ${sans}`, align: "left", colour: colours["ink-2"], halo: colours.bg });
  }
  const ring = (node, gap, width) => { const { x, y, r } = spot(node); pen.disc(x, y, r + gap, { stroke: colours.ink, width }); };
  for (const node of [state.picked, state.second]) if (isNode(node)) ring(node, 4, 2);
  if (state.at && state.at !== state.picked) ring(state.at, 3, 1);
}

function drawLabel(pen, { spot }, { node, lines, font, align, dx, dy }) {
  const { x, y } = spot(node);
  const alpha = !lit || lit.has(node) ? 1 : 0.34;
  const colour = colours[node.kind === "paper" ? "ink-2" : "ink"];
  lines.forEach((line, i) => pen.text(line, x + dx, y + dy + i * LINE, { font, align, colour, halo: colours.bg, alpha }));
}

// All that is seen now, drawn with another pen.
export function drawWith(pen) {
  const place = placer();
  const seen = ({ x, y, r }) => x + r > 0 && y + r > 0 && x - r < place.width && y - r < place.height;
  const dim = lit ? 0.3 : 1;
  const things = [edges.filter(isDrawn), nodes.filter((node) => node.shown && seen(place.spot(node)))];
  const paler = { disc: (x, y, r, look) => pen.disc(x, y, r, { ...look, alpha: dim * (look.alpha ?? 1) }),
    shape: (points, look) => pen.shape(points, { ...look, alpha: dim * (look.alpha ?? 1) }),
    line: (points, look) => pen.line(points, { ...look, alpha: dim * (look.alpha ?? 1) }) };
  drawThings(paler, place, things[0], things[1], false);
  if (lit) drawThings(pen, place, things[0].filter((edge) => lit.has(edge)), things[1].filter((node) => lit.has(node)), true);
  drawMarks(pen, place);
  for (const label of labels ?? []) drawLabel(pen, place, label);
  return { width: place.width, height: place.height };
}

onChange((what) => {
  if (what === "moved") return;
  lit = light();
  labels = null;
  if (!engine) return;
  if (what === "shown") redress();
  else if (band < 2) engine.update([], edges);   // lit edges that this scale leaves out
  engine.redraw();
});
