// The offline graph page. Order: data, state, what is shown, picture, labels, panel, search, list, keys, theme, start.
// A node or edge here is the record from #data itself with what the page adds (edges, shown); vis only holds its looks.
// Every text that comes from the data enters the page as a text node.
(() => {
  "use strict";

  // ---------- data ----------
  const $ = (query, root = document) => root.querySelector(query);
  const { page, nodes, edges, options } = JSON.parse($("#data").textContent);

  const KINDS = ["paper", "method", "dataset", "benchmark", "task", "metric"];
  // Strongest first. Words as read from the tail and from the head; the end's type and length in layout pixels.
  const ROLES = {
    introduces: { out: "introduces", in: "introduced by", arrow: "arrow", length: 12, token: "ink", alpha: 0.8 },
    based_on: { out: "based on", in: "led to", arrow: "arrow", length: 11, token: "method", alpha: 0.75 },
    evaluates_on: { out: "evaluates on", in: "used for evaluation by", arrow: "bar", length: 10 },
    uses: { out: "uses", in: "used by", arrow: "arrow", length: 9 },
    compares: { out: "compares with", in: "compared with by", arrow: "vee", length: 9 },
    mentions: { out: "mentions", in: "mentioned by", arrow: null, length: 0 },
  };
  const ROLE_NAMES = Object.keys(ROLES);

  const nodeById = new Map(nodes.map((node) => [node.id, Object.assign(node, { edges: [], shown: true })]));
  for (const edge of edges) {
    Object.assign(edge, { tail: nodeById.get(edge.from), head: nodeById.get(edge.to), shown: true });
    edge.tail.edges.push(edge);
    if (edge.head !== edge.tail) edge.head.edges.push(edge);
  }
  const centre = nodeById.get(page.centre) ?? null;
  const ranked = [...nodes].sort((a, b) =>
    (a.kind === "paper") - (b.kind === "paper") || b.papers - a.papers || b.edges.length - a.edges.length);

  const other = (edge, node) => (edge.tail === node ? edge.head : edge.tail);
  const least = (things, cost, limit = Infinity) =>
    things.reduce(([best, low], thing) => (cost(thing) < low ? [thing, cost(thing)] : [best, low]), [null, limit])[0];
  const isNode = (thing) => Boolean(thing?.edges);
  const amount = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
  const naming = (node) => [node.name, node.kind, node.kind !== "paper" && amount(node.papers, "paper")].filter(Boolean).join(", ");

  // ---------- state ----------
  const hidden = new Set();       // kinds, roles and "generic": what the legend has switched off
  const folds = new Map();        // node -> Set of the leaves folded into it
  let picked = null;              // the selected node or edge
  let at = null;                  // the node under the pointer, or where the arrow keys stand
  let lit = null;                 // Set of the nodes and edges that do not fade; null: nothing fades

  // ---------- what is shown ----------
  function decideShown() {
    const folded = new Set([...folds.values()].flatMap((leaves) => [...leaves]));
    const off = (node) => hidden.has(node.kind) || (node.generic && hidden.has("generic")) || folded.has(node);
    const allowed = (node) => node === centre || !off(node);
    for (const edge of edges) edge.shown = !hidden.has(edge.role) && allowed(edge.tail) && allowed(edge.head);
    for (const node of nodes) {
      const hangs = node.kind === "paper" || node === centre || !node.edges.length || node.edges.some((edge) => edge.shown);
      node.shown = allowed(node) && hangs;
    }
  }

  const around = (node) => node.edges.filter((edge) => edge.shown);

  function leavesOf(node) {
    const near = new Set(around(node).map((edge) => other(edge, node)));
    return new Set([...near].filter((leaf) => leaf !== node && leaf !== centre && around(leaf).every((edge) => other(edge, leaf) === node)));
  }

  function fold(node) {
    const leaves = leavesOf(node);
    if (!folds.delete(node) && leaves.size) folds.set(node, leaves);
    say(`${node.name}: ${folds.get(node)?.size ?? 0} folded`);
    showAgain();
  }

  // A name that is looked for is shown, whatever hides it.
  function reveal(node) {
    hidden.delete(node.kind);
    if (node.generic) hidden.delete("generic");
    for (const [host, leaves] of folds) if (leaves.has(node)) folds.delete(host);
    decideShown();
    if (!node.shown) for (const edge of node.edges) [edge.role, edge.tail.kind, edge.head.kind].forEach((word) => hidden.delete(word));
    showAgain();
  }

  function showAgain() {
    decideShown();
    if (picked && !picked.shown) picked = null;
    if (at && !at.shown) at = null;
    lightUp();
    redress();
    drawLegend();
    drawPanel();
    drawList();
  }

  function pick(thing, { centred = false } = {}) {
    picked = thing;
    at = null;
    if (isNode(thing) && !thing.shown) reveal(thing);
    lightUp();
    drawPanel();
    if (isNode(thing)) {
      say(`Selected: ${naming(thing)}, ${amount(around(thing).length, "edge")} here`);
      if (centred) moveTo(thing, Math.max(network.getScale(), 0.7));
    } else say(thing ? `Selected: ${thing.tail.name} ${ROLES[thing.role].out} ${thing.head.name}` : "Nothing selected");
  }

  function lightUp() {
    const thing = at ?? picked;
    const before = lit ?? [];
    const near = isNode(thing) ? around(thing) : [];
    lit = thing ? new Set([thing, thing.tail ?? thing, thing.head ?? thing, ...near, ...near.map((edge) => other(edge, thing))]) : null;
    redress([...before, ...(lit ?? [])]);
  }

  // ---------- picture ----------
  const box = $("#canvas");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const inZoom = (scale) => Math.min(4, Math.max(0.1, scale));
  let network = null;
  let nodeLooks = null;           // vis' DataSets
  let edgeLooks = null;
  const colours = {};
  let band = 2;                   // how near: 0 under 0.3, 1 under 0.7, 2 up to 1.5, 3 beyond
  const bandOf = (scale) => (scale < 0.3 ? 0 : scale < 0.7 ? 1 : scale <= 1.5 ? 2 : 3);

  // A custom property would give the text "light-dark(…)"; the computed colour of an element is resolved.
  function readColours() {
    const probe = document.body.appendChild(document.createElement("i"));
    for (const token of ["bg", "edge", "ink", "ink-2", ...KINDS]) {
      probe.style.color = `var(--${token})`;
      colours[token] = getComputedStyle(probe).color;
    }
    probe.remove();
  }

  const faded = (colour, alpha) => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);

  const isDrawn = (edge) => edge.shown && (lit?.has(edge) || band > 1 ||
    (band === 1 ? edge.role !== "mentions" : edge.role === "introduces" || edge.role === "based_on"));

  function edgeLook(edge) {
    const on = lit?.has(edge);
    const { arrow, length, token = on ? "ink-2" : "edge", alpha = 0.55 } = ROLES[edge.role];
    return {
      id: edge.id, from: edge.from, to: edge.to, width: edge.width, dashes: edge.dashes, hidden: !isDrawn(edge),
      color: { color: on ? colours[token] : faded(colours[token], alpha), inherit: false },
      // vis: an end is 15 × scaleFactor + 3 × width long
      arrowStrikethrough: arrow !== "arrow",     // a full head covers the line's end, a bar and a vee need it
      arrows: { to: { enabled: Boolean(arrow) && band > 1, type: arrow ?? "arrow", scaleFactor: (length - 3 * edge.width) / 15 } },
    };
  }

  const nodeLook = (node) => ({
    id: node.id, x: node.x, y: node.y, shape: node.shape, size: node.size, hidden: !node.shown, borderWidth: 1.5,
    color: { background: colours[node.kind], border: colours.bg },
  });

  const worn = new Map();         // thing -> its look as vis has it

  function newLooks(things, look) {
    return things.map((thing) => [thing, look(thing)]).filter(([thing, now]) => {
      const text = JSON.stringify(now);
      return worn.get(thing) !== text && worn.set(thing, text);
    }).map(([, now]) => now);
  }

  function redress(things = [...nodes, ...edges]) {
    if (!network) return;
    nodeLooks.update(newLooks(things.filter(isNode), nodeLook));
    edgeLooks.update(newLooks(things.filter((thing) => !isNode(thing)), edgeLook));
    labels = null;
    network.redraw();
  }

  // The view in which all that is shown fits; with a middle, that point stays in the centre of the picture.
  function wholeView(middle = null) {
    const seen = nodes.filter((node) => node.shown);
    const span = (axis) => {
      const places = seen.map((node) => node[axis]);
      const [low, high] = [Math.min(...places), Math.max(...places)];
      const mid = middle?.[axis] ?? (low + high) / 2;
      return [mid, 2 * Math.max(high - mid, mid - low, 1)];
    };
    const [[x, width], [y, height]] = [span("x"), span("y")];
    return { position: { x, y }, scale: inZoom(Math.min((box.clientWidth - 112) / width, (box.clientHeight - 96) / height, 1.5)) };
  }

  function moveTo({ x, y }, scale = network.getScale()) {
    const view = { position: { x, y }, scale: inZoom(scale) };
    network.moveTo(still.matches ? view : { ...view, animation: { duration: 200, easingFunction: "easeInOutQuad" } });
    if (still.matches) settle();
  }

  const zoom = (factor) => moveTo(network.getViewPosition(), network.getScale() * factor);

  function fit() {
    const { position, scale } = wholeView();
    if (Number.isFinite(position.x)) moveTo(position, scale);     // infinite where nothing is shown
  }

  // A move has ended: looks that depend on the scale, then the labels.
  function settle() {
    const scale = network.getScale();
    if (scale !== inZoom(scale)) network.moveTo({ scale: inZoom(scale) });
    band = bandOf(network.getScale());
    redress(edges);
  }

  function makePicture() {
    const view = wholeView(centre);
    if (centre) view.scale = Math.max(view.scale, 0.7);   // opens where names can be read; F shows all
    band = bandOf(view.scale);
    nodeLooks = new vis.DataSet(newLooks(nodes, nodeLook));
    edgeLooks = new vis.DataSet(newLooks(edges, edgeLook));
    const many = nodes.length > 500;
    const given = JSON.parse(options || "{}");
    network = new vis.Network(box, { nodes: nodeLooks, edges: edgeLooks }, {
      ...given,
      physics: { enabled: false },
      layout: { improvedLayout: false },
      nodes: { ...given.nodes, chosen: false },
      edges: { ...given.edges, chosen: false, smooth: false },
      interaction: { dragNodes: false, selectable: false, hover: false, hideEdgesOnDrag: many, hideEdgesOnZoom: many, zoomSpeed: 0.6 },
    });
    box.firstElementChild.removeAttribute("tabindex");    // vis' frame; the container itself takes the focus
    network.moveTo(view);
    network.on("afterDrawing", drawOver);
    network.once("afterDrawing", () => { window.kgReady = performance.now(); });
    listenToPointer();
  }

  // Not vis' own getNodeAt: it also finds what is hidden. Four pixels of slack, for fingers.
  function thingAt(point) {
    const { x, y } = network.DOMtoCanvas(point);
    const slack = 4 / network.getScale();
    const toNode = (node) => Math.hypot(node.x - x, node.y - y) - node.size;
    const toLine = ({ tail, head }) => {
      const [dx, dy] = [head.x - tail.x, head.y - tail.y];
      const t = Math.min(1, Math.max(0, ((x - tail.x) * dx + (y - tail.y) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(tail.x + t * dx - x, tail.y + t * dy - y);
    };
    return least(nodes.filter((node) => node.shown), toNode, slack) ?? least(edges.filter(isDrawn), toLine, slack);
  }

  function hover(node) {
    if (node === at) return;
    at = node;
    lightUp();
  }

  function listenToPointer() {
    let waiting = 0;
    let zooming = 0;
    const later = (timer, does, wait) => (clearTimeout(timer), setTimeout(does, wait));
    box.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      const frame = box.getBoundingClientRect();
      waiting = later(waiting, () => {
        const thing = event.buttons ? null : thingAt({ x: event.clientX - frame.left, y: event.clientY - frame.top });
        box.classList.toggle("over", Boolean(thing));
        hover(isNode(thing) ? thing : null);
      }, 80);
    });
    box.addEventListener("pointerleave", () => { waiting = later(waiting, () => hover(null), 0); });
    network.on("click", ({ pointer }) => {
      box.focus({ preventScroll: true });
      pick(thingAt(pointer.DOM));
    });
    network.on("doubleClick", () => isNode(picked) && fold(picked));      // its first click has selected it
    network.on("zoom", () => { zooming = later(zooming, settle, 150); });
    for (const end of ["dragEnd", "animationFinished", "resize"]) network.on(end, settle);
    $("#zoom-in").addEventListener("click", () => zoom(1.2));
    $("#zoom-out").addEventListener("click", () => zoom(1 / 1.2));
    $("#fit").addEventListener("click", fit);
  }

  // ---------- over the picture: fading, rings, labels ----------
  // Fading is one veil over all, then the lit things once more: the cost does not grow with the graph.
  function drawOver(ctx) {
    const scale = network.getScale();
    const corner = network.DOMtoCanvas({ x: 0, y: 0 });
    if (lit) {
      ctx.globalAlpha = 0.68;
      ctx.fillStyle = colours.bg;
      ctx.fillRect(corner.x, corner.y, box.clientWidth / scale, box.clientHeight / scale);
      ctx.globalAlpha = 1;
      const drawn = (things, kind) => things.map((thing) => network.body[kind][thing.id]);
      const lines = drawn([...lit].filter((thing) => !isNode(thing)), "edges");
      for (const line of lines) line.draw(ctx);
      for (const line of lines) line.drawArrows(ctx);
      for (const disc of drawn([...lit].filter(isNode), "nodes")) disc.draw(ctx);
    }
    ctx.save();
    ctx.scale(1 / scale, 1 / scale);      // from here in screen pixels: rings and labels do not zoom
    labels ??= placeLabels(ctx, { left: corner.x * scale, top: corner.y * scale, scale });
    drawRings(ctx, scale);
    for (const label of labels) drawLabel(ctx, label, scale);
    ctx.restore();
  }

  function drawRing(ctx, scale, node, gap, width, dash = []) {
    Object.assign(ctx, { lineWidth: width, strokeStyle: colours.ink });
    ctx.setLineDash(dash);
    ctx.beginPath();
    ctx.arc(node.x * scale, node.y * scale, node.size * scale + gap, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  function drawRings(ctx, scale) {
    for (const [node, leaves] of folds) {
      if (!node.shown) continue;
      const reach = node.size * scale * 0.7 + 5;
      drawRing(ctx, scale, node, 2, 1.5, [3, 3]);
      const look = { font: "600 11px ", align: "left", colour: colours.ink };
      drawText(ctx, `+${leaves.size}`, node.x * scale + reach, node.y * scale - reach, look);
    }
    if (isNode(picked)) drawRing(ctx, scale, picked, 4, 2);
    if (at && at !== picked) drawRing(ctx, scale, at, 3, 1);
  }

  function drawText(ctx, text, x, y, { font, align, colour }) {
    Object.assign(ctx, { font: font + sans, textAlign: align, textBaseline: "alphabetic", fillStyle: colour });
    Object.assign(ctx, { lineJoin: "round", lineWidth: 3.5, strokeStyle: colours.bg });
    ctx.strokeText(text, x, y);
    ctx.fillText(text, x, y);
  }

  function drawLabel(ctx, label, scale) {
    const { node, lines, dx, dy } = label;
    ctx.globalAlpha = !lit || lit.has(node) ? 1 : 0.34;
    lines.forEach((line, i) => drawText(ctx, line, node.x * scale + dx, node.y * scale + dy + i * LINE, label));
    ctx.globalAlpha = 1;
  }

  const LINE = 14;
  const sans = getComputedStyle(document.body).fontFamily;
  let labels = null;              // placed labels; null: place them at the next drawing

  // Axis-parallel boxes in cells of 64 px, so that a place is tested against its neighbours alone.
  class Boxes {
    cells = new Map();
    * keys([left, top, right, bottom]) {
      for (let x = left >> 6; x <= right >> 6; x++) for (let y = top >> 6; y <= bottom >> 6; y++) yield x * 65536 + y;
    }
    add(area) {
      for (const key of this.keys(area)) this.cells.has(key) ? this.cells.get(key).push(area) : this.cells.set(key, [area]);
    }
    free(area, but) {
      const meets = (b) => b !== but && area[0] < b[2] && b[0] < area[2] && area[1] < b[3] && b[1] < area[3];
      for (const key of this.keys(area)) if (this.cells.get(key)?.some(meets)) return false;
      return true;
    }
  }

  function placeLabels(ctx, { left, top, scale }) {
    const [right, bottom] = [left + box.clientWidth, top + box.clientHeight];
    const taken = new Boxes();
    const discs = new Map();
    for (const node of nodes) {
      const [x, y, r] = [node.x * scale, node.y * scale, node.size * scale * 0.9];
      if (!node.shown || x < left || x > right || y < top || y > bottom) continue;
      discs.set(node, [x - r, y - r, x + r, y + r]);
      taken.add(discs.get(node));
    }
    const first = [picked, at].filter(isNode);
    const near = ranked.filter((node) => lit?.has(node));
    const rest = band > 1 ? ranked : ranked.filter((node) => node.kind !== "paper");
    const placed = [];
    const inView = ([l, t, r, b]) => l > left && t > top && r < right && b < bottom;
    for (const node of new Set([...first, ...near, ...rest])) {
      const disc = discs.get(node);
      const label = disc && placeLabel(ctx, node, scale, first.includes(node), (area) => inView(area) && taken.free(area, disc));
      if (!label) continue;
      taken.add(label.area);
      placed.push(label);
      if (band === 0 && placed.length === 12) break;
    }
    return placed;
  }

  // Below, right, left, above, then the corners: the first place that meets no other label and no other node.
  const PLACES = [[0, 1], [1, 0], [-1, 0], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1]];

  function placeLabel(ctx, node, scale, always, free) {
    const font = node.kind === "paper" ? "11px " : node.size >= 13 ? "600 13px " : "12px ";
    const lines = linesOf(node);
    const width = Math.max(...lines.map((line) => textWidth(ctx, line, font))) + 2;
    const height = lines.length * LINE;
    const [x, y, r] = [node.x * scale, node.y * scale, node.size * scale];
    const places = PLACES.map(([h, v]) => {
      const reach = (h && v ? 0.7 * r : r) + (node === picked ? 7 : 3);
      const left = x - width / 2 + h * (reach + width / 2);
      const top = y - height / 2 + v * (reach + height / 2);
      return { h, area: [left, top, left + width, top + height] };
    });
    const place = places.find(({ area }) => free(area)) ?? (always ? places[0] : null);
    if (!place) return null;
    const { area, h } = place;
    return {
      node, area, lines, font, dx: [area[2], x, area[0]][h + 1] - x, dy: area[1] + 11 - y,
      align: ["right", "center", "left"][h + 1], colour: colours[node.kind === "paper" ? "ink-2" : "ink"],
    };
  }

  const widths = new Map();

  function textWidth(ctx, text, font) {
    ctx.font = font + sans;
    if (!widths.has(font + text)) widths.set(font + text, ctx.measureText(text).width);
    return widths.get(font + text);
  }

  // Over 16 characters two lines, over 32 cut; near papers show 2 × 28 of their title.
  function linesOf(node) {
    const room = node.kind === "paper" && band === 3 ? 28 : 16;
    let name = Array.from(node.name.replace(/\s+/gu, " ").trim());
    if (name.length > 2 * room) name = [...name.slice(0, 2 * room - 1), "…"];
    const words = name.join("").split(" ");
    if (name.length <= room || words.length === 1) return [name.join("")];
    const splits = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
    return least(splits, ([a, b]) => Math.abs(a.length - b.length));
  }

  // ---------- elements ----------
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") element.addEventListener("click", value);
      else if (value !== null && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child));
    return element;
  }

  // Names may hold bidirectional controls: <bdi> keeps them from turning the words around them.
  const bdi = (text) => el("bdi", {}, text);
  const glyph = (kind) => el("span", { class: `glyph ${kind}`, "aria-hidden": "true" });
  const button = (text, onclick, kind = "btn") => el("button", { type: "button", class: kind, onclick }, text);
  const nameButton = (node) =>
    el("button", { type: "button", class: "name", title: node.kind, onclick: () => pick(node, { centred: true }) }, glyph(node.kind), bdi(node.name));
  const head = (title, note) => el("div", { class: "head" }, el("h3", {}, title), note ? el("span", { class: "muted small" }, note) : null);

  function say(words) {
    $("#said").textContent = words;
  }

  function dateWords(date) {
    if (!/^\d{4}-\d\d-\d\d/.test(date)) return date;
    return new Date(date.slice(0, 10)).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }

  // ---------- panel ----------
  const FIRST = 40;               // edges listed before "more here"

  function drawPanel() {
    const panel = $("#panel");
    const inside = panel.contains(document.activeElement);      // its button is about to go: the focus stays here
    panel.replaceChildren(...(isNode(picked) ? nodeWords(picked) : picked ? edgeWords(picked) : nothingWords()).filter(Boolean));
    panel.scrollTop = 0;
    if (inside) panel.focus({ preventScroll: true });
  }

  function nodeWords(node) {
    const seen = around(node);
    const leaves = (folds.get(node) ?? leavesOf(node)).size;
    const unseen = node.edges.length - seen.length;
    const paper = node.kind === "paper";
    const fact = (before, value, after = "") => el("span", {}, before, el("b", {}, value), after);
    const link = /^https?:\/\//i.test(node.url ?? "") &&
      el("a", { href: node.url, rel: "noopener noreferrer", target: "_blank" }, paper ? "Open paper" : "Open page");
    return [
      el("div", { class: "title" }, glyph(node.kind), el("h2", {}, bdi(node.name)), el("span", { class: "muted" }, node.kind)),
      el("p", { class: "facts" }, !paper && fact("named in ", node.papers.toLocaleString("en"), node.papers === 1 ? " paper" : " papers"),
        node.date && fact(paper ? "" : "first seen ", dateWords(node.date)), link),
      node.aliases?.length ? el("p", { class: "facts" }, el("span", {}, "also written ", ...listed(node.aliases))) : null,
      leaves ? el("div", { class: "acts" }, button(`${folds.has(node) ? "Unfold" : "Fold"} ${leaves}`, () => fold(node))) : null,
      head(`${amount(seen.length, "edge")} here`, seen.length > 1 && "strongest first"),
      edgeGroups(node, seen),
      unseen ? el("p", { class: "muted small" }, `${amount(unseen, "edge")} not drawn: folded, or off in the legend.`) : null,
    ];
  }

  const listed = (words) => words.flatMap((word, i) => (i ? [", ", bdi(word)] : [bdi(word)]));

  function edgeGroups(node, seen) {
    const key = (edge) => 2 * ROLE_NAMES.indexOf(edge.role) + (edge.tail === node ? 0 : 1);
    const sorted = [...seen].sort((a, b) => key(a) - key(b) || b.score - a.score);
    const groups = el("div");
    let words = null;
    let list = null;
    const add = (part) => part.forEach((edge) => {
      const its = ROLES[edge.role][edge.tail === node ? "out" : "in"];
      if (its !== words) groups.append(el("h4", { class: "rel" }, words = its), list = el("ul", { class: "told" }));
      list.append(el("li", {}, nameButton(other(edge, node)), ...quotes(edge, 2)));
    });
    add(sorted.slice(0, FIRST));
    const left = sorted.slice(FIRST);
    const more = button(`${left.length.toLocaleString("en")} more here`, () => { more.remove(); add(left); }, "plain");
    if (left.length) groups.append(more);
    return groups;
  }

  function edgeWords(edge) {
    return [
      el("div", { class: "title" }, el("h2", {}, ROLES[edge.role].out)),
      el("p", {}, nameButton(edge.tail)),
      el("p", {}, el("span", { class: "rel" }, `${ROLES[edge.role].out} `), nameButton(edge.head)),
      head(amount(edge.evidence.length, "sentence")),
      ...quotes(edge, Infinity),
    ];
  }

  // The first sentences of an edge; the others wait behind a summary.
  function quotes(edge, most) {
    const kind = edge.head.kind === "paper" ? edge.tail.kind : edge.head.kind;
    const all = edge.evidence.map((said) => quote(said, kind, edge));
    const left = all.splice(most);
    return left.length ? [...all, el("details", {}, el("summary", {}, amount(left.length, "more sentence")), ...left)] : all;
  }

  function quote(said, kind, edge) {
    const chars = Array.from(said.text);          // offsets count code points
    const marks = [...said.marks].sort((a, b) => a[0] - b[0]);
    const words = el("blockquote", { class: `quote ${kind}` });
    const [from, to] = excerpt(chars, marks);
    const whole = button("whole sentence", () => words.replaceChildren(...marked(chars, marks, 0, chars.length)), "plain");
    words.append(from > 0 ? "… " : "", ...marked(chars, marks, from, to));
    if (to - from < chars.length) words.append("… ", whole);
    return el("figure", { class: "said" }, words, el("figcaption", { class: "where" }, ...source(said, edge)));
  }

  // The paper a sentence stands in, unless it is an end of the edge and so named beside it already.
  function source(said, edge) {
    const place = said.field === "title" ? "title" : "abstract";
    if (picked !== edge && [edge.from, edge.to].includes(said.paper)) return [place];
    const paper = nodeById.get(said.paper);
    const title = bdi(said.title);
    return [paper ? button(title, () => pick(paper, { centred: true }), "plain") : title, ` · ${place}`];
  }

  function marked(chars, marks, from, to) {
    const parts = [];
    let done = from;
    for (const [start, end] of marks) {
      if (start < done || end > to) continue;     // overlapping marks: the first one stays
      parts.push(chars.slice(done, start).join(""), el("mark", {}, chars.slice(start, end).join("")));
      done = end;
    }
    return [...parts, chars.slice(done, to).join("")];
  }

  // Over 280 characters: cut at words around the first mention, never inside one.
  function excerpt(chars, marks) {
    if (chars.length <= 280) return [0, chars.length];
    const [start, end] = marks[0] ?? [0, 0];
    let from = Math.max(0, start - 110);
    let to = Math.min(chars.length, Math.max(from + 260, end));
    while (from > 0 && from < start && chars[from - 1] !== " ") from++;
    while (to < chars.length && to > end && chars[to] !== " ") to--;
    for (const [a, b] of marks) if (a < to && to < b) to = b;
    return [from, to];
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

  // ---------- legend, counts ----------
  function drawLegend() {
    for (const tick of $("#legend").querySelectorAll("input")) {
      const all = [...nodes, ...edges].filter((thing) => [thing.kind, thing.role, thing.generic && "generic"].includes(tick.value));
      const seen = all.filter((thing) => thing.shown).length;
      tick.checked = !hidden.has(tick.value);
      $(".count", tick.closest("label")).textContent = seen === all.length ? seen : `${seen} / ${all.length}`;
    }
    const part = (list, noun) => {
      const seen = list.filter((thing) => thing.shown).length;
      return seen === list.length ? amount(seen, noun) : `${seen.toLocaleString("en")} of ${amount(list.length, noun)}`;
    };
    $("#counts").textContent = `${part(nodes, "node")}, ${part(edges, "edge")}`;
    const empty = !nodes.some((node) => node.shown);
    $("#empty").hidden = !empty;
    $("#empty").textContent = nodes.length ? "Every node is hidden. Switch a type on under Nodes." : "There is nothing to draw: the graph has no nodes.";
  }

  function toggle(word) {
    if (!hidden.delete(word)) hidden.add(word);
    showAgain();
  }

  // ---------- search ----------
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const names = nodes.flatMap((node) => [[node.name, false], ...(node.aliases ?? []).map((alias) => [alias, true])]
    .map(([text, alias]) => ({ node, text, alias, key: plain(text) })));

  function find(query) {
    const grade = ({ key }) => (key === query ? 0 : key.startsWith(query) ? 1 : 2);
    const best = new Map();       // one row a node: its best spelling
    const hits = names.filter(({ key }) => key.includes(query))
      .sort((a, b) => grade(a) - grade(b) || b.node.papers - a.node.papers || a.alias - b.alias || a.key.length - b.key.length);
    for (const hit of hits) if (!best.has(hit.node)) best.set(hit.node, hit);
    return [...best.values()].slice(0, 8);
  }

  const pairs = (text) => new Set(Array.from(text, (_, i) => ` ${text} `.slice(i, i + 2)));

  function nearest(query) {
    const wanted = pairs(query);
    const likeness = ({ key }) => {
      const own = pairs(key);
      return 2 * [...own].filter((pair) => wanted.has(pair)).length / (own.size + wanted.size);
    };
    const near = names.map((name) => [likeness(name), name.text]).filter(([score]) => score > 0.25).sort((a, b) => b[0] - a[0]);
    return [...new Set(near.map(([, text]) => text))].slice(0, 3);
  }

  function startSearch() {
    const [input, list, menu] = [$("#search"), $("#suggestions"), $(".suggest")];
    let hits = [];
    let chosen = 0;
    const close = () => {
      menu.hidden = true;
      hits = [];
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const choose = (i) => {
      chosen = (i + hits.length) % hits.length;
      [...list.children].forEach((row, k) => row.setAttribute("aria-selected", String(k === chosen)));
      input.setAttribute("aria-activedescendant", `hit-${chosen}`);
    };
    const take = (node) => {
      input.value = "";
      close();
      showList(false);
      box.focus({ preventScroll: true });
      pick(node, { centred: true });
    };
    const typed = (text) => {
      const start = text.toLowerCase().indexOf(input.value.trim().toLowerCase());
      const end = start + input.value.trim().length;
      return start < 0 ? bdi(text) : el("bdi", {}, text.slice(0, start), el("b", {}, text.slice(start, end)), text.slice(end));
    };
    const row = ({ node, text, alias }, i) => el("li", { role: "option", id: `hit-${i}`, onclick: () => take(node) },
      glyph(node.kind),
      el("span", {}, typed(text), alias ? el("span", { class: "muted small" }, " another name of ", bdi(node.name)) : null),
      el("span", { class: "muted small" }, node.kind),
      el("span", { class: "muted small" }, node.kind === "paper" ? (node.date ?? "").slice(0, 4) : amount(node.papers, "paper")));
    const open = () => {
      const query = plain(input.value.trim());
      if (!query) return close();
      hits = find(query);
      list.replaceChildren(...hits.map(row));
      const near = hits.length ? [] : nearest(query);
      $(".tail").replaceChildren(...(hits.length ? ["↑ ↓ choose · Enter selects · Esc closes"]
        : ["No name here contains “", bdi(input.value.trim()), "”.", ...(near.length ? [" Near: ", ...listed(near), "."] : [])]));
      menu.hidden = false;
      input.setAttribute("aria-expanded", String(hits.length > 0));
      if (hits.length) choose(0);
    };
    input.addEventListener("input", open);
    input.addEventListener("focus", open);
    input.addEventListener("blur", close);
    menu.addEventListener("pointerdown", (event) => event.preventDefault());   // the click must come before the blur
    input.addEventListener("keydown", (event) => {
      const does = {
        Escape: () => { input.value = ""; (menu.hidden ? input.blur() : close()); },
        ArrowDown: () => hits.length && choose(chosen + 1),
        ArrowUp: () => hits.length && choose(chosen - 1),
        Enter: () => hits.length && take(hits[chosen].node),
      }[event.key];
      if (!does || event.isComposing) return;
      event.preventDefault();
      does();
    });
  }

  // ---------- list ----------
  function showList(on) {
    $("#list").hidden = !on;
    box.inert = on;
    $("#as-list").setAttribute("aria-pressed", String(on));
    if (on) drawList();
  }

  function drawList() {
    if ($("#list").hidden) return;
    const table = (title, heads, rows) => el("table", {}, el("caption", {}, title),
      el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col", class: ["Papers", "Edges"].includes(text) && "num" }, text)))),
      el("tbody", {}, ...rows));
    const nodeRow = (node) => el("tr", {}, el("td", {}, nameButton(node)), el("td", {}, node.kind),
      el("td", { class: "num" }, node.kind === "paper" ? "" : node.papers.toLocaleString("en")), el("td", { class: "num" }, String(around(node).length)));
    const edgeRow = (edge) => el("tr", {}, el("td", {}, nameButton(edge.tail)),
      el("td", {}, button(ROLES[edge.role].out, () => pick(edge), "plain")), el("td", {}, nameButton(edge.head)),
      el("td", { class: "words" }, edge.evidence[0]?.text ?? ""));
    const [shownNodes, shownEdges] = [ranked.filter((node) => node.shown), edges.filter((edge) => edge.shown)];
    $("#list").replaceChildren(
      table(amount(shownNodes.length, "node"), ["Name", "Type", "Papers", "Edges"], shownNodes.map(nodeRow)),
      table(amount(shownEdges.length, "edge"), ["From", "Role", "To", "Sentence"], shownEdges.map(edgeRow)));
  }

  // ---------- keys ----------
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  let leaving = false;            // Esc was pressed: the next Tab leaves the picture, so that it is no trap

  const standing = () => at ?? (isNode(picked) ? picked : null);

  function goAt(node) {
    at = node;
    leaving = false;
    lightUp();
    say(naming(node));
    const point = network.canvasToDOM(node);
    const inside = Math.min(point.x, point.y, box.clientWidth - point.x, box.clientHeight - point.y) > 24;
    if (!inside) moveTo(node);
  }

  // Nearest in that direction; going aside costs twice as much as going along.
  function goTowards([dx, dy]) {
    const from = standing();
    const start = from ?? network.getViewPosition();
    const best = least(nodes.filter((node) => node.shown && node !== from), (node) => {
      const [x, y] = [node.x - start.x, node.y - start.y];
      const along = x * dx + y * dy;
      return along > 0 ? along + 2 * Math.abs(x * dy - y * dx) : Infinity;
    });
    if (best) goAt(best);
  }

  // False where there is no next one: then Tab does what it does everywhere.
  function goByRank(step) {
    const row = ranked.filter((node) => node.shown);
    const from = standing();
    const next = leaving ? null : from ? row[row.indexOf(from) + step] : row[step > 0 ? 0 : row.length - 1];
    if (next) goAt(next);
    return Boolean(next);
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea")) return;
    const { key } = event;
    if (key === "/") $("#search").focus();
    else if (!network) return;
    else if (key === "Escape") {
      leaving = true;
      pick(null);
    } else if (key === "+" || key === "=") zoom(1.2);
    else if (key === "-" || key === "−") zoom(1 / 1.2);
    else if (key.toLowerCase() === "f") fit();
    else if (/^[1-6]$/.test(key)) toggle(KINDS[key - 1]);
    else if (event.target !== box) return;
    else if (key in ARROWS) goTowards(ARROWS[key]);
    else if (key === "Tab" && !goByRank(event.shiftKey ? -1 : 1)) return;
    else if (key === "Enter" && standing()) pick(standing());
    else if (key === " " && standing()) fold(standing());
    else if (key !== "Tab") return;
    event.preventDefault();
  }

  // ---------- theme ----------
  const THEMES = ["auto", "light", "dark"];

  function setTheme(theme) {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    $("#theme").textContent = `Theme: ${theme}`;
    readColours();
    redress();
  }

  // A file may have no storage: then the choice is not remembered.
  function stored(theme) {
    try {
      if (theme) localStorage.setItem("kg-theme", theme);
      return localStorage.getItem("kg-theme");
    } catch {
      return null;
    }
  }

  function startTheme() {
    let theme = THEMES.includes(stored()) ? stored() : "auto";
    setTheme(theme);
    $("#theme").addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      setTheme(theme);
      stored(theme);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTheme(theme));
  }

  // ---------- start ----------
  if (nodes.length > 150) hidden.add("mentions");
  hidden.add("generic");          // names too broad to say anything: counted in the legend, one click away
  decideShown();
  startTheme();
  drawLegend();
  startSearch();
  $("#legend").addEventListener("change", (event) => toggle(event.target.value));
  $("#as-list").addEventListener("click", () => showList($("#list").hidden));
  document.addEventListener("keydown", onKey);
  box.addEventListener("focus", () => { leaving = false; });
  if (nodes.length) makePicture();
  else window.kgReady = performance.now();
  picked = centre;
  lightUp();
  drawPanel();
})();
