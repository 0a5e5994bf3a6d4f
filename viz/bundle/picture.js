(() => {
  // viz/shared/elements.js
  var $ = (query, root = document) => root.querySelector(query);
  function el(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== null && value !== void 0 && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.filter((child) => child || child === 0));
    return element;
  }
  var short = (text, most = 200) => text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…` : text;
  var bdi = (text, most = 200) => el("bdi", {}, short(text, most));
  var glyph = (kind) => el("span", { class: `glyph ${kind}`, "aria-hidden": "true" });
  var button = (text, onclick, kind = "btn") => el("button", { type: "button", class: kind, onclick }, text);
  var listed = (words) => words.flatMap((word, i) => i ? [", ", bdi(word)] : [bdi(word)]);
  var amount = (n, noun, plural = `${noun}s`) => `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;
  var isWeb = (address) => /^https?:\/\//i.test(address ?? "");
  var isOwn = (address) => /^\/(?![/\\])/.test(address ?? "");
  function link(address, ...children) {
    if (isOwn(address)) return el("a", { href: address }, ...children);
    if (isWeb(address)) return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, ...children);
    return el("span", {}, ...children);
  }
  function dateWords(date) {
    const day = new Date(date.slice(0, 10));
    if (!/^\d{4}-\d\d-\d\d/.test(date) || Number.isNaN(day.getTime())) return date;
    return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  }
  function quoteOf(text, marks, kind) {
    const chars = Array.from(text.length > 2e4 ? `${text.slice(0, 2e4)}…` : text);
    const sorted = [...marks].sort((a, b) => a[0] - b[0]);
    const words = el("blockquote", { class: `quote ${kind}` });
    const [from, to] = excerpt(chars, sorted);
    words.append(from > 0 ? "… " : "", ...marked(chars, sorted, from, to));
    if (to - from < chars.length) {
      words.append("… ", button("whole sentence", () => words.replaceChildren(...marked(chars, sorted, 0, chars.length)), "plain"));
    }
    return words;
  }
  function marked(chars, marks, from, to) {
    const parts = [];
    let done = from;
    for (const [start, end] of marks) {
      if (start < done || end > to) continue;
      parts.push(chars.slice(done, start).join(""), el("mark", {}, chars.slice(start, end).join("")));
      done = end;
    }
    return [...parts, chars.slice(done, to).join("")];
  }
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

  // viz/shared/combobox.js
  function combobox(box2, { find: find2, take, hint = "↑ ↓ choose · Enter selects · Esc closes", enter = null, clears = true }) {
    const [input, menu, list, tail] = [$("input", box2), $(".suggest", box2), $("[role=listbox]", box2), $(".tail", box2)];
    let hits = [];
    let chosen = -1;
    let asked = 0;
    const close = () => {
      asked++;
      menu.hidden = true;
      hits = [];
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const leave = () => {
      if (clears) input.value = "";
      input.blur();
    };
    const choose = (i) => {
      chosen = (i + hits.length) % hits.length;
      [...list.children].forEach((row2, k) => row2.setAttribute("aria-selected", String(k === chosen)));
      input.setAttribute("aria-activedescendant", `${list.id}-${chosen}`);
    };
    const finish = (hit) => {
      if (clears) input.value = "";
      close();
      take(hit);
    };
    const typed = (whole) => {
      const text = short(whole);
      const start = text.toLowerCase().indexOf(input.value.trim().toLowerCase());
      const end = start + input.value.trim().length;
      return start < 0 ? bdi(text) : el("bdi", {}, text.slice(0, start), el("b", {}, text.slice(start, end)), text.slice(end));
    };
    const row = (hit, i) => el(
      "li",
      { role: "option", id: `${list.id}-${i}`, onclick: () => finish(hit) },
      glyph(hit.kind),
      el("span", {}, typed(hit.alias ?? hit.name), hit.alias ? el("span", { class: "muted small" }, hit.kind === "paper" ? " " : " another name of ", bdi(hit.name)) : null),
      el("span", { class: "muted small" }, hit.kind),
      el("span", { class: "muted small" }, hit.note ?? (hit.kind === "paper" ? (hit.date ?? "").slice(0, 4) : amount(hit.papers, "paper")))
    );
    const show2 = (found, near, text) => {
      hits = found;
      list.replaceChildren(...hits.map(row));
      tail.replaceChildren(...hits.length ? [hint] : ["No name here contains “", bdi(text), "”.", ...near.length ? [" Near: ", ...listed(near), "."] : [], enter ? ` ${enter}` : ""]);
      menu.hidden = false;
      input.setAttribute("aria-expanded", String(hits.length > 0));
      chosen = -1;
      if (hits.length && !enter) choose(0);
    };
    const open = async () => {
      const text = input.value.trim();
      if (!text) return close();
      const turn = ++asked;
      const found = await find2(text);
      if (turn === asked) show2(found.hits, found.near, text);
    };
    input.addEventListener("input", open);
    input.addEventListener("focus", open);
    input.addEventListener("blur", close);
    menu.addEventListener("pointerdown", (event) => event.preventDefault());
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const does = {
        Escape: () => menu.hidden ? leave() : close(),
        ArrowDown: () => hits.length && choose(chosen + 1),
        ArrowUp: () => hits.length && choose(chosen < 0 ? hits.length - 1 : chosen - 1),
        Enter: () => hits.length && finish(hits[Math.max(chosen, 0)])
      }[event.key];
      if (!does || event.key === "Enter" && enter && chosen < 0) return;
      event.preventDefault();
      does();
    });
  }

  // viz/shared/site.js
  async function suggest(text, kinds = []) {
    const answer = await fetch(`/names.json?${new URLSearchParams([["q", text], ...kinds.map((kind) => ["kind", kind])])}`);
    const { names, near } = answer.ok ? await answer.json() : { names: [], near: [] };
    return { hits: names, near: near.map(({ name }) => name) };
  }
  function startSiteSearch() {
    const box2 = $("#site-search");
    if (!box2) return;
    combobox(box2, {
      find: (text) => suggest(text),
      take: ({ address }) => {
        location.href = address;
      },
      hint: "↑ ↓ choose · Enter opens, or searches titles and abstracts · Esc closes",
      enter: "Enter searches titles and abstracts."
    });
    if ($("#data")) return;
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
      event.preventDefault();
      $("input", box2).select();
    });
  }

  // viz/shared/theme.js
  var THEMES = ["auto", "light", "dark"];
  function stored(theme) {
    try {
      if (theme) localStorage.setItem("kg-theme", theme);
      return localStorage.getItem("kg-theme");
    } catch {
      return null;
    }
  }
  function startTheme(changed2 = () => {
  }) {
    let theme = THEMES.includes(stored()) ? stored() : "auto";
    const set2 = () => {
      if (theme === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      $("#theme").textContent = `Theme: ${theme}`;
      changed2();
    };
    set2();
    $("#theme").addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      stored(theme);
      set2();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed2);
  }

  // viz/picture/data.js
  var { page, papers, texts, ...held } = JSON.parse($("#data").textContent);
  var KINDS = ["paper", "method", "dataset", "benchmark", "task", "metric"];
  var ROLES = {
    introduces: { out: "introduces", in: "introduced by", width: 2.4, arrow: "arrow", length: 12, token: "ink", alpha: 0.8 },
    based_on: { out: "based on", in: "led to", width: 2, arrow: "arrow", length: 11, token: "method", alpha: 0.75 },
    scored: { out: "scored on", in: "score of", width: 1.6, arrow: "bar", length: 10 },
    evaluates_on: { out: "evaluates on", in: "used for evaluation by", width: 1.6, arrow: "bar", length: 10 },
    uses: { out: "uses", in: "used by", width: 1.2, arrow: "arrow", length: 9 },
    compares: { out: "compares with", in: "compared with by", width: 1.2, dash: [6, 4], arrow: "vee", length: 9 },
    mentions: { out: "mentions", in: "mentioned by", width: 1.2, dash: [1, 4], arrow: null, length: 0 },
    together: { out: "named together with", in: "named together with", width: 1.2, arrow: null, length: 0 }
  };
  var ROLE_NAMES = Object.keys(ROLES);
  var nodes = [];
  var edges = [];
  var nodeById = /* @__PURE__ */ new Map();
  var edgeByKey = /* @__PURE__ */ new Map();
  var members = /* @__PURE__ */ new Map();
  var keyOf = ({ from, role, to }) => JSON.stringify([from, role, to]);
  function add(newNodes, newEdges) {
    const added2 = { nodes: [], edges: [] };
    for (const node of newNodes) {
      if (nodeById.has(node.id)) continue;
      Object.assign(node, { edges: [], shown: true, key: node.id, order: nodes.length });
      nodeById.set(node.id, node);
      nodes.push(node);
      added2.nodes.push(node);
    }
    for (const edge of newEdges) {
      const [tail, head2, key] = [nodeById.get(edge.from), nodeById.get(edge.to), keyOf(edge)];
      if (!tail || !head2 || edgeByKey.has(key)) continue;
      Object.assign(edge, { tail, head: head2, key, id: edges.length, shown: true });
      edgeByKey.set(key, edge);
      edges.push(edge);
      tail.edges.push(edge);
      if (head2 !== tail) head2.edges.push(edge);
      added2.edges.push(edge);
    }
    for (const node of added2.nodes) {
      const host = nodeById.get(node.inside);
      if (host) members.set(host, (members.get(host) ?? /* @__PURE__ */ new Set()).add(node));
    }
    return added2;
  }
  add(held.nodes, held.edges);
  var centre = nodeById.get(page.centre) ?? null;
  var ranked = () => [...nodes].sort((a, b) => (a.kind === "paper") - (b.kind === "paper") || b.papers - a.papers || b.edges.length - a.edges.length || a.order - b.order);
  var isNode = (thing) => Boolean(thing?.edges);
  var other = (edge, node) => edge.tail === node ? edge.head : edge.tail;
  var wordsOf = (edge, node) => ROLES[edge.role][edge.tail === node ? "out" : "in"];
  var extent = (things, of) => things.reduce(([low, high], thing) => [Math.min(low, of(thing)), Math.max(high, of(thing))], [Infinity, -Infinity]);
  var least = (things, cost, limit = Infinity) => things.reduce(([best, low], thing) => {
    const its = cost(thing);
    return its < low ? [thing, its] : [best, low];
  }, [null, limit])[0];
  var counted = (node) => node.kind === "community" ? amount(node.papers, "method") : node.kind === "paper" ? "" : amount(node.papers, "paper");
  var naming = (node) => [short(node.name), node.kind, counted(node)].filter(Boolean).join(", ");

  // viz/picture/labels.js
  var LINE = 14;
  var Boxes = class {
    cells = /* @__PURE__ */ new Map();
    *keys([left, top, right, bottom]) {
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
  };
  function placeLabels(ctx, { width, height, spot, band: band2, lit: lit2, first, folds, sans: sans2 }) {
    const taken = new Boxes();
    const discs = /* @__PURE__ */ new Map();
    const order = ranked();
    for (const node of order) {
      if (!node.shown) continue;
      const { x, y, r } = spot(node);
      if (x < 0 || x > width || y < 0 || y > height) continue;
      discs.set(node, [x - 0.9 * r, y - 0.9 * r, x + 0.9 * r, y + 0.9 * r]);
      taken.add(discs.get(node));
      if (folds.get(node)?.size) taken.add([x + r, y - r - 11, x + r + 34, y - r + 3]);
    }
    const near = order.filter((node) => lit2?.has(node));
    const rest = band2 > 1 ? order : order.filter((node) => node.kind !== "paper");
    const placed = [];
    const inView = ([l, t, r, b]) => l > 0 && t > 0 && r < width && b < height;
    for (const node of /* @__PURE__ */ new Set([...first, ...near, ...rest])) {
      const disc = discs.get(node);
      if (!disc) continue;
      const label = placeLabel(ctx, node, spot(node), { band: band2, sans: sans2, always: first.includes(node), free: (area) => inView(area) && taken.free(area, disc) });
      if (!label) continue;
      taken.add(label.area);
      placed.push(label);
      if (band2 === 0 && placed.length === 12) break;
    }
    return placed;
  }
  var PLACES = [[0, 1], [1, 0], [-1, 0], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1]];
  function placeLabel(ctx, node, { x, y, r }, { band: band2, sans: sans2, always, free }) {
    const font = `${node.kind === "paper" ? "11px" : node.kind === "community" || node.size >= 13 ? "600 13px" : "12px"} ${sans2}`;
    const lines = linesOf(node, band2);
    const width = Math.max(...lines.map((line) => textWidth(ctx, line, font))) + 2;
    const height = lines.length * LINE;
    const places = PLACES.map(([h2, v]) => {
      const reach = (h2 && v ? 0.7 * r : r) + 4;
      const left = x - width / 2 + h2 * (reach + width / 2);
      const top = y - height / 2 + v * (reach + height / 2);
      return { h: h2, area: [left, top, left + width, top + height] };
    });
    const place3 = places.find(({ area: area2 }) => free(area2)) ?? (always ? places[0] : null);
    if (!place3) return null;
    const { area, h } = place3;
    return { node, area, lines, font, dx: [area[2], x, area[0]][h + 1] - x, dy: area[1] + 11 - y, align: ["right", "center", "left"][h + 1] };
  }
  var widths = /* @__PURE__ */ new Map();
  function textWidth(ctx, text, font) {
    const key = `${font} ${text}`;
    if (!widths.has(key)) {
      ctx.font = font;
      widths.set(key, ctx.measureText(text).width);
    }
    return widths.get(key);
  }
  function linesOf(node, band2) {
    const room = node.kind === "paper" && band2 === 3 || node.kind === "community" ? 28 : 16;
    const short2 = node.kind === "paper" && band2 < 3 && node.by && node.year ? `${node.by} ${node.year}` : node.name;
    const dated = node.kind !== "paper" && node.year ? `${short2} ${node.year}` : short2;
    let name = Array.from(dated.slice(0, 400).replace(/\s+/gu, " ").trim());
    if (name.length > 2 * room) name = [...name.slice(0, 2 * room - 1), "…"];
    const words = name.join("").split(" ");
    if (name.length <= room || words.length === 1) return [name.join("")];
    const splits = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
    return least(splits, ([a, b]) => Math.abs(a.length - b.length));
  }

  // viz/picture/shapes.js
  var TURN = 2 * Math.PI;
  var triangle = (r, up) => {
    const side = 2.3 * r;
    const [inner, height] = [Math.sqrt(3) / 6 * side, Math.sqrt(3) / 2 * side];
    const down = up ? 1 : -1;
    const y = down * 0.275 * 1.15 * r;
    return [[0, y - down * (height - inner)], [side / 2, y + down * inner], [-side / 2, y + down * inner]];
  };
  var OUTLINES = {
    square: (r) => [[-r, -r], [r, -r], [r, r], [-r, r]],
    triangle: (r) => triangle(r, true),
    triangleDown: (r) => triangle(r, false),
    diamond: (r) => [[0, r], [r, 0], [0, -r], [-r, 0]],
    hexagon: (r) => Array.from({ length: 6 }, (_, i) => [r * Math.cos(i * TURN / 6), r * Math.sin(i * TURN / 6)]),
    star: (r) => Array.from({ length: 10 }, (_, i) => {
      const reach = 0.82 * r * (i % 2 ? 0.5 : 1.3);
      return [reach * Math.sin(i * TURN / 10), 0.082 * r - reach * Math.cos(i * TURN / 10)];
    })
  };
  function drawNode(pen, node, { x, y, r }, colours2) {
    const look = { fill: colours2[node.kind], stroke: colours2.bg, width: Math.min(1.5, r / 3) };
    if (node.shape === "dot") pen.disc(x, y, r, look);
    else pen.shape(OUTLINES[node.shape](r).map(([dx, dy]) => [x + dx, y + dy]), look);
  }
  function drawEdge(pen, edge, from, to, scale, colours2, lit2) {
    const role = ROLES[edge.role];
    const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
    const [tip, colour] = [{ x: to.x - ux * to.r, y: to.y - uy * to.r }, colours2[role.token ?? (lit2 ? "ink-2" : "edge")]];
    const size = role.length * scale;
    const ended = role.arrow && size > 2 && length > from.r + to.r;
    const back = ended && role.arrow === "arrow" ? size : 0;
    const look = { stroke: colour, width: Math.max(edge.width * scale, 0.5), alpha: lit2 ? 1 : role.alpha ?? 0.55, dash: role.dash?.map((d) => d * scale) };
    pen.line([[from.x, from.y], [tip.x - ux * back, tip.y - uy * back]], look);
    if (!ended) return;
    const at = (along, aside) => [tip.x - ux * along - uy * aside, tip.y - uy * along + ux * aside];
    const solid = { ...look, dash: void 0 };
    if (role.arrow === "arrow") pen.shape([at(0, 0), at(size, size * 0.42), at(size, -size * 0.42)], { fill: colour, alpha: look.alpha });
    else if (role.arrow === "bar") pen.line([at(0, size / 2), at(0, -size / 2)], solid);
    else pen.line([at(size * 0.8, size * 0.45), at(0, 0), at(size * 0.8, -size * 0.45)], solid);
  }
  function canvasPen(ctx) {
    const paint = ({ fill, stroke, width, alpha = 1, dash }) => {
      ctx.globalAlpha = alpha;
      if (fill) Object.assign(ctx, { fillStyle: fill }), ctx.fill();
      if (stroke) {
        Object.assign(ctx, { strokeStyle: stroke, lineWidth: width });
        ctx.setLineDash(dash ?? []);
        ctx.stroke();
      }
      ctx.globalAlpha = 1;
    };
    const trace = (points) => {
      ctx.beginPath();
      points.forEach(([x, y], i) => i ? ctx.lineTo(x, y) : ctx.moveTo(x, y));
    };
    return {
      disc(x, y, r, look) {
        ctx.beginPath();
        ctx.arc(x, y, r, 0, TURN);
        paint(look);
      },
      shape(points, look) {
        trace(points);
        ctx.closePath();
        paint(look);
      },
      line(points, look) {
        trace(points);
        paint(look);
      },
      text(words, x, y, { font, align, colour, halo, alpha = 1 }) {
        Object.assign(ctx, { font, textAlign: align, textBaseline: "alphabetic", fillStyle: colour, lineJoin: "round", lineWidth: 3.5, strokeStyle: halo });
        ctx.setLineDash([]);
        ctx.globalAlpha = alpha;
        ctx.strokeText(words, x, y);
        ctx.fillText(words, x, y);
        ctx.globalAlpha = 1;
      }
    };
  }
  var NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
  function svgPen(svg2) {
    const put = (tag, attributes, words) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) if (value !== void 0) element.setAttribute(name, String(value));
      if (words !== void 0) element.textContent = words.replace(NOT_XML, "�");
      svg2.append(element);
    };
    const short2 = (n) => Number(n.toFixed(2));
    const list = (points) => points.map((point) => point.map(short2).join(",")).join(" ");
    const paint = ({ fill, stroke, width, alpha, dash }) => ({
      fill: fill ?? "none",
      stroke,
      "stroke-width": stroke && short2(width),
      opacity: alpha,
      "stroke-dasharray": dash?.map(short2).join(" ")
    });
    return {
      disc(x, y, r, look) {
        put("circle", { cx: short2(x), cy: short2(y), r: short2(r), ...paint(look) });
      },
      shape(points, look) {
        put("polygon", { points: list(points), ...paint(look) });
      },
      line(points, look) {
        put("polyline", { points: list(points), ...paint(look) });
      },
      text(words, x, y, { font, align, colour, halo, alpha }) {
        const anchor = { left: "start", center: "middle", right: "end" }[align];
        const [, weight, size, family] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(font);
        put("text", {
          x: short2(x),
          y: short2(y),
          "font-family": family,
          "font-size": size,
          "font-weight": weight,
          "text-anchor": anchor,
          fill: colour,
          stroke: halo,
          "stroke-width": 3.5,
          "stroke-linejoin": "round",
          "paint-order": "stroke",
          opacity: alpha
        }, words);
      }
    };
  }

  // viz/picture/state.js
  var filters = () => ({
    off: /* @__PURE__ */ new Set(),
    // types, roles and "generic" that the legend has switched off
    years: [null, null],
    // of papers, and of entities whose first year is known
    score: 0,
    // least score of an edge
    degree: 0,
    // least number of edges of an entity, in this picture
    weight: 1,
    // least number of papers behind an edge
    measure: "papers",
    // what the size of a node says
    folds: /* @__PURE__ */ new Map(),
    // node -> Set of the nodes folded into it
    dropped: /* @__PURE__ */ new Set()
    // nodes hidden one by one
  });
  var selection = () => ({
    picked: null,
    // the selected node or edge
    second: null,
    // a second node, for a path
    at: null,
    // the node under the pointer, or where the arrow keys stand
    path: null,
    // { paths, number }: paths between the two, the one that is lit
    stepping: null
    // the node whose edges are gone through by keys
  });
  var state = { ...filters(), ...selection() };
  var listeners = [];
  var onChange = (listener) => listeners.push(listener);
  function changed(what) {
    for (const listener of listeners) listener(what);
  }
  var around = (node) => node.edges.filter((edge) => edge.shown);
  var outside = (year2) => {
    const [from, to] = state.years;
    return (from !== null || to !== null) && (year2 === null || year2 === void 0 || from !== null && year2 < from || to !== null && year2 > to);
  };
  function decideShown() {
    const { off, folds, dropped, score, degree, weight } = state;
    const folded = new Set([...folds.values()].flatMap((inside) => [...inside]));
    const hides = (node) => off.has(node.kind) || node.generic && off.has("generic") || folded.has(node) || (node.kind === "paper" || (node.year ?? null) !== null) && outside(node.year);
    const allowed = new Map(nodes.map((node) => [node, !dropped.has(node) && (node === centre || !hides(node))]));
    const decide = () => {
      for (const edge of edges) {
        edge.shown = !off.has(edge.role) && edge.score >= score && edge.weight >= weight && allowed.get(edge.tail) && allowed.get(edge.head);
      }
    };
    decide();
    if (degree > 0) {
      for (const node of nodes) {
        if (node !== centre && node.kind !== "paper" && allowed.get(node) && around(node).length < degree) allowed.set(node, false);
      }
      decide();
    }
    for (const node of nodes) {
      const hangs = node.kind === "paper" || node === centre || !node.edges.length || folds.has(node) || node.edges.some((edge) => edge.shown);
      node.shown = allowed.get(node) && hangs;
    }
  }
  function light() {
    const { at, picked, second, path } = state;
    if (path) {
      const [edgesOf, nodesOf] = [path.paths[path.number].edges, path.paths[path.number].nodes];
      return /* @__PURE__ */ new Set([...edgesOf, ...nodesOf, ...at ? [at] : []]);
    }
    const thing = at ?? picked;
    if (!thing) return null;
    const near = isNode(thing) ? around(thing) : [];
    return /* @__PURE__ */ new Set([thing, thing.tail ?? thing, thing.head ?? thing, ...near, ...near.map((edge) => other(edge, thing)), ...second ? [second] : []]);
  }
  function showAgain() {
    decideShown();
    for (const name of ["picked", "second", "at"]) if (state[name] && !state[name].shown) state[name] = null;
    if (state.path?.paths.some(({ nodes: along, edges: steps }) => along.some((node) => !node.shown) || steps.some((edge) => !edge.shown))) state.path = null;
    if (!state.path) state.second = null;
    changed("shown");
  }
  function pick(thing) {
    Object.assign(state, { picked: thing, second: null, at: null, path: null });
    if (isNode(thing) && !thing.shown) reveal(thing);
    changed("picked");
  }
  function reveal(node) {
    const { off, folds, dropped } = state;
    remember();
    dropped.delete(node);
    off.delete(node.kind);
    if (node.generic) off.delete("generic");
    for (const [host, inside] of folds) if (inside.has(node)) folds.delete(host);
    decideShown();
    if (!node.shown) {
      const { years, score, degree, weight } = filters();
      Object.assign(state, { years, score, degree, weight });
      for (const edge of node.edges) [edge.role, edge.tail.kind, edge.head.kind].forEach((word) => off.delete(word));
      decideShown();
    }
    if (!node.shown) {
      for (const edge of node.edges) if (edge.tail.generic || edge.head.generic) off.delete("generic");
    }
    showAgain();
  }
  var past = [];
  function copy() {
    const { off, years, score, degree, weight, measure, folds, dropped } = state;
    return { off: new Set(off), years: [...years], score, degree, weight, measure, folds: new Map(folds), dropped: new Set(dropped) };
  }
  function remember() {
    past.push(copy());
    if (past.length > 100) past.shift();
  }
  function undo() {
    if (!past.length) return false;
    Object.assign(state, past.pop());
    showAgain();
    return true;
  }
  function toggle(word) {
    remember();
    if (!state.off.delete(word)) state.off.add(word);
    showAgain();
  }
  function set(changes) {
    remember();
    Object.assign(state, changes);
    showAgain();
  }
  function leavesOf(node) {
    if (members.has(node)) return members.get(node);
    const near = new Set(around(node).map((edge) => other(edge, node)));
    return new Set([...near].filter((leaf) => leaf !== node && leaf !== centre && around(leaf).every((edge) => other(edge, leaf) === node)));
  }
  function fold(node) {
    const leaves = leavesOf(node);
    if (state.folds.has(node) || leaves.size) remember();
    if (!state.folds.delete(node) && leaves.size) state.folds.set(node, leaves);
    showAgain();
    return state.folds.get(node)?.size ?? 0;
  }
  function hide(node) {
    remember();
    state.dropped.add(node);
    showAgain();
  }
  function added(newNodes) {
    const before = copy();
    newNodes.forEach((node) => before.dropped.add(node));
    past.push(before);
    showAgain();
  }
  var byId = (id) => nodeById.get(id) ?? null;
  function begin() {
    Object.assign(state, filters(), selection());
    if (nodes.length > 150) state.off.add("mentions");
    state.off.add("generic");
    for (const [host, inside] of members) state.folds.set(host, inside);
    state.picked = centre;
    decideShown();
  }

  // viz/picture/path.js
  var MOST = 5;
  var aiming = false;
  var isAiming = () => aiming;
  function pathsBetween(start, end) {
    const steps = /* @__PURE__ */ new Map([[start, 0]]);
    const before = /* @__PURE__ */ new Map([[start, []]]);
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
    const walk = (node, nodes2, edges2) => {
      if (found.length > 500) return;
      if (node === start) found.push({ nodes: [start, ...nodes2], edges: edges2 });
      else for (const [earlier, tie] of before.get(node)) walk(earlier, [node, ...nodes2], [tie, ...edges2]);
    };
    walk(end, [], []);
    const cost = ({ nodes: nodes2 }) => nodes2.slice(1, -1).reduce((sum, node) => sum + (node.kind === "paper" ? 0 : node.papers), 0);
    const seen = /* @__PURE__ */ new Set();
    return found.sort((a, b) => cost(a) - cost(b)).filter(({ nodes: nodes2 }) => {
      const key = nodes2.map((node) => node.order).join();
      return !seen.has(key) && seen.add(key);
    }).slice(0, MOST);
  }
  function pathTo(end) {
    const start = state.picked;
    aiming = false;
    if (!isNode(start) || !end || start === end) return;
    const paths = pathsBetween(start, end);
    const none = paths.length ? null : `Nothing that is drawn leads from ${start.name} to ${end.name}. Filters and hidden nodes count; a wider picture may have a path.`;
    Object.assign(state, { second: end, at: null, path: { paths: none ? [{ nodes: [start, end], edges: [] }] : paths, number: 0, none } });
    changed("picked");
  }
  function aimAtPath(say2) {
    if (!isNode(state.picked)) return;
    say2(`Path from ${state.picked.name}: click the other end, or find it by name.`);
    aiming = true;
  }
  function startPath() {
    onChange((what) => {
      if (what === "shown" || what === "picked") aiming = false;
    });
  }
  function stepPath(step) {
    const { path } = state;
    path.number = (path.number + step + path.paths.length) % path.paths.length;
    changed("picked");
  }
  function leavePath() {
    Object.assign(state, { path: null, second: null });
    changed("picked");
  }

  // viz/picture/sigma.js
  var SHAPES = ["dot", "square", "triangleDown", "triangle", "diamond", "star", "hexagon"];
  var INSIDE = `
precision mediump float;
varying vec4 v_color;
varying float v_shape;
varying float v_pixel;
float triangle(vec2 p) {
  return max(p.y - 0.264, 0.866 * abs(p.x) - 0.5 * (p.y - 0.264)) - 0.553;
}
float star(vec2 p) {
  p = vec2(abs(p.x), p.y - 0.068);
  float up = -p.y;
  float right = 0.951 * p.x - 0.309 * p.y;
  float down = 0.588 * p.x + 0.809 * p.y;
  float left = 0.809 * p.y - 0.588 * p.x;
  return max(max(min(up, right), min(right, down)), min(down, left)) - 0.274;
}
void main(void) {
  vec2 p = 2.0 * gl_PointCoord - 1.0;
  float d;
  if (v_shape < 0.5) d = length(p) - 0.833;
  else if (v_shape < 1.5) d = max(abs(p.x), abs(p.y)) - 0.833;
  else if (v_shape < 2.5) d = triangle(vec2(p.x, -p.y));
  else if (v_shape < 3.5) d = triangle(p);
  else if (v_shape < 4.5) d = 0.707 * (abs(p.x) + abs(p.y) - 0.833);
  else if (v_shape < 5.5) d = star(p);
  else d = max(abs(p.y), 0.5 * abs(p.y) + 0.866 * abs(p.x)) - 0.722;
  gl_FragColor = v_color * clamp(0.5 - d / v_pixel, 0.0, 1.0);
}`;
  var PLACED = `
attribute vec4 a_color;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
uniform float u_sizeRatio;
uniform float u_pixelRatio;
uniform mat3 u_matrix;
varying vec4 v_color;
varying float v_shape;
varying float v_pixel;
void main() {
  gl_Position = vec4((u_matrix * vec3(a_position, 1)).xy, 0, 1);
  gl_PointSize = max(2.4 * a_size / u_sizeRatio, 2.5) * u_pixelRatio;
  v_pixel = 2.0 / gl_PointSize;
  v_shape = gl_PointSize < 8.0 ? 0.0 : a_shape;
  v_color = a_color;
  v_color.a *= 255.0 / 254.0;
}`;
  function shapeProgram() {
    const { NodeProgram, floatColor } = kgSigma;
    const { FLOAT, UNSIGNED_BYTE, POINTS } = WebGLRenderingContext;
    return class extends NodeProgram {
      constructor(gl, _, sigma) {
        super(gl, null, sigma);
      }
      getDefinition() {
        return {
          VERTICES: 1,
          VERTEX_SHADER_SOURCE: PLACED,
          FRAGMENT_SHADER_SOURCE: INSIDE,
          METHOD: POINTS,
          UNIFORMS: ["u_sizeRatio", "u_pixelRatio", "u_matrix"],
          ATTRIBUTES: [
            { name: "a_position", size: 2, type: FLOAT },
            { name: "a_size", size: 1, type: FLOAT },
            { name: "a_shape", size: 1, type: FLOAT },
            { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true }
          ]
        };
      }
      processVisibleItem(_, start, { x, y, size, shape, color }) {
        this.array.set([x, y, size, shape, floatColor(color)], start);
      }
      setUniforms({ sizeRatio, pixelRatio, matrix }, { gl, uniformLocations: { u_sizeRatio, u_pixelRatio, u_matrix } }) {
        gl.uniform1f(u_sizeRatio, sizeRatio);
        gl.uniform1f(u_pixelRatio, pixelRatio);
        gl.uniformMatrix3fv(u_matrix, false, matrix);
      }
    };
  }
  function sigmaEngine(box2, { nodeLook: nodeLook2, edgeLook: edgeLook2, still: still2, moved, drawn }) {
    const graph = new kgSigma.Graph({ multi: true, type: "directed" });
    let sigma = null;
    const asNode = (node) => {
      const { x, y, size, colour, hidden } = nodeLook2(node);
      return { x, y: -y, size, color: colour, hidden, shape: SHAPES.indexOf(node.shape), type: "shape" };
    };
    const asEdge = (edge) => {
      const { width, dash, colour, hidden } = edgeLook2(edge);
      return { size: dash ? 0.6 : width, color: colour, hidden, type: "line" };
    };
    const start = () => {
      sigma = new kgSigma.Sigma(graph, box2, {
        nodeProgramClasses: { shape: shapeProgram() },
        edgeProgramClasses: { line: kgSigma.EdgeLineProgram },
        defaultNodeType: "shape",
        defaultEdgeType: "line",
        itemSizesReference: "positions",
        zoomToSizeRatioFunction: (ratio) => ratio,
        hideEdgesOnMove: true,
        renderLabels: false,
        renderEdgeLabels: false,
        enableEdgeEvents: false,
        enableCameraRotation: false,
        stagePadding: 0,
        zoomingRatio: 1.2,
        doubleClickZoomingRatio: 1,
        doubleClickZoomingDuration: 1,
        // in no time at all the camera would lose itself
        ...still2 ? { zoomDuration: 1, inertiaDuration: 1, inertiaRatio: 0 } : {},
        zIndex: false,
        allowInvalidContainer: true
      });
      sigma.setCustomBBox({ x: extent(nodes, ({ x }) => x), y: extent(nodes, ({ y }) => -y) });
      sigma.on("afterRender", drawn);
      let waiting = 0;
      sigma.getCamera().on("updated", () => {
        clearTimeout(waiting);
        waiting = setTimeout(moved, 150);
      });
      sigma.refresh();
    };
    const camera2 = () => {
      const [width, height] = [box2.clientWidth, box2.clientHeight];
      const middle = sigma.viewportToGraph({ x: width / 2, y: height / 2 });
      const [a, b] = [sigma.graphToViewport({ x: 0, y: 0 }), sigma.graphToViewport({ x: 1e3, y: 0 })];
      return { x: middle.x, y: -middle.y, scale: Math.hypot(b.x - a.x, b.y - a.y) / 1e3 };
    };
    return {
      update(nodes2, edges2) {
        for (const node of nodes2) graph.mergeNode(node.key, asNode(node));
        for (const edge of edges2) graph.mergeEdgeWithKey(edge.key, edge.tail.key, edge.head.key, asEdge(edge));
        if (!sigma) start();
      },
      redraw: () => sigma.scheduleRender(),
      camera: camera2,
      move({ x, y, scale }, smoothly) {
        const now = camera2();
        const target = sigma.viewportToFramedGraph(sigma.graphToViewport({ x, y: -y }));
        const view2 = { x: target.x, y: target.y, ratio: sigma.getCamera().ratio * now.scale / scale };
        if (smoothly) sigma.getCamera().animate(view2, { duration: 200 });
        else {
          sigma.getCamera().setState(view2);
          sigma.refresh();
          moved();
        }
      }
    };
  }

  // viz/picture/vis.js
  function visEngine(box2, { nodeLook: nodeLook2, edgeLook: edgeLook2, many, moved, drawn }) {
    const [nodeLooks, edgeLooks] = [new vis.DataSet(), new vis.DataSet()];
    const worn = /* @__PURE__ */ new Map();
    const fresh = (things, look) => things.map((thing) => [thing, look(thing)]).filter(([thing, now]) => {
      const text = JSON.stringify(now);
      return worn.get(thing) !== text && worn.set(thing, text);
    }).map(([, now]) => now);
    const asVis = {
      node: (node) => {
        const { x, y, size, colour, border, hidden } = nodeLook2(node);
        return { id: node.key, x, y, shape: node.shape, size, hidden, borderWidth: 1.5, color: { background: colour, border } };
      },
      edge: (edge) => {
        const { width, dash, colour, arrow, length, hidden } = edgeLook2(edge);
        return {
          id: edge.key,
          from: edge.tail.key,
          to: edge.head.key,
          width,
          dashes: dash ?? false,
          hidden,
          color: { color: colour, inherit: false },
          // vis: an end is 15 × scaleFactor + 3 × width long; a full head covers the line's end, a bar and a vee need it
          arrowStrikethrough: arrow !== "arrow",
          arrows: { to: { enabled: Boolean(arrow), type: arrow ?? "arrow", scaleFactor: (length - 3 * width) / 15 } }
        };
      }
    };
    const network = new vis.Network(box2, { nodes: nodeLooks, edges: edgeLooks }, {
      physics: { enabled: false },
      layout: { improvedLayout: false },
      nodes: { chosen: false },
      edges: { chosen: false, smooth: false },
      interaction: { dragNodes: false, selectable: false, hover: false, hideEdgesOnDrag: many, hideEdgesOnZoom: many, zoomSpeed: 2 }
    });
    box2.firstElementChild.removeAttribute("tabindex");
    network.on("afterDrawing", drawn);
    let zooming = 0;
    network.on("zoom", () => {
      clearTimeout(zooming);
      zooming = setTimeout(moved, 150);
    });
    for (const end of ["dragEnd", "animationFinished", "resize"]) network.on(end, moved);
    return {
      update(nodes2, edges2) {
        nodeLooks.update(fresh(nodes2, asVis.node));
        edgeLooks.update(fresh(edges2, asVis.edge));
        network.redraw();
      },
      redraw: () => network.redraw(),
      camera: () => ({ ...network.getViewPosition(), scale: network.getScale() }),
      move({ x, y, scale }, smoothly) {
        const view2 = { position: { x, y }, scale };
        network.moveTo(smoothly ? { ...view2, animation: { duration: 200, easingFunction: "easeInOutQuad" } } : view2);
        if (!smoothly) moved();
      }
    };
  }

  // viz/picture/picture.js
  var box = $("#canvas");
  var over = $("#over");
  var still = matchMedia("(prefers-reduced-motion: reduce)");
  var webgl = page.engine === "sigma";
  var inZoom = (scale) => Math.min(4, Math.max(webgl ? 0.01 : 0.1, scale));
  var engine = null;
  var colours = {};
  var band = 2;
  var lit = null;
  var labels = null;
  var sans = getComputedStyle(document.body).fontFamily;
  function readColours() {
    const probe = document.body.appendChild(document.createElement("i"));
    for (const token of ["bg", "edge", "ink", "ink-2", "community", ...KINDS]) {
      probe.style.color = `var(--${token})`;
      colours[token] = getComputedStyle(probe).color;
    }
    probe.remove();
  }
  var faded = (colour, alpha) => colour.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
  var mixed = (colour, full) => {
    const alpha = 0.6 * full;
    const [over2, under] = [colour, colours.bg].map((text) => text.match(/[\d.]+/g).map(Number));
    return `rgb(${[0, 1, 2].map((i) => Math.round(alpha * over2[i] + (1 - alpha) * under[i])).join(", ")})`;
  };
  var radius = (measure, n) => measure === "alike" ? 8 : Math.min(23, 4.5 + 0.88 * Math.sqrt(measure === "edges" ? 4 * n : n));
  var sizeOf = (node) => node.kind === "paper" ? 6.5 : radius(state.measure, state.measure === "edges" ? around(node).length : node.papers);
  var strongest = Math.max(1, extent(edges, (edge) => edge.weight)[1]);
  var widthOf = (edge) => ROLES[edge.role].width + (edge.role === "together" ? 4 * Math.sqrt(edge.weight / strongest) : 0);
  var isDrawn = (edge) => edge.shown && (lit?.has(edge) || band > 1 || !["mentions", "uses", "compares", "evaluates_on"].includes(edge.role) || (band === 1 ? edge.role !== "mentions" : webgl && edge.role !== "mentions"));
  var nodeLook = (node) => ({ x: node.x, y: node.y, size: node.size, colour: colours[node.kind], border: colours.bg, hidden: !node.shown });
  var edgeLook = (edge) => {
    const { arrow, length, dash, token = "edge", alpha = 0.55 } = ROLES[edge.role];
    return { width: edge.width, dash, colour: (webgl ? mixed : faded)(colours[token], alpha), arrow: band > 1 ? arrow : null, length, hidden: !isDrawn(edge) };
  };
  function redress() {
    if (!engine) return;
    for (const node of nodes) node.size = sizeOf(node);
    for (const edge of edges) edge.width = widthOf(edge);
    labels = null;
    engine.update(nodes, edges);
  }
  var camera = () => engine.camera();
  var hasPicture = () => engine !== null;
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
  function moveTo({ x, y, scale = camera().scale }) {
    engine.move({ x, y, scale: inZoom(scale) }, !still.matches);
  }
  var zoom = (factor) => moveTo({ ...camera(), scale: camera().scale * factor });
  var show = (node) => moveTo({ x: node.x, y: node.y, scale: Math.max(camera().scale, 0.7) });
  var fit = () => moveTo(wholeView());
  var bandOf = (scale) => scale < 0.3 ? 0 : scale < 0.7 ? 1 : scale <= 1.5 ? 2 : 3;
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
  function makePicture(given) {
    const whole = wholeView();
    const view2 = given ?? (whole.scale > 0.55 || !centre ? whole : wholeView(centre));
    if (!given && nodes.length <= 500) view2.scale = Math.max(view2.scale, view2 === whole ? 0.32 : 0.7);
    band = bandOf(inZoom(view2.scale));
    const make = webgl ? sigmaEngine : visEngine;
    let ready = false;
    engine = make(box, {
      nodeLook,
      edgeLook,
      many: nodes.length > 500,
      still: still.matches,
      moved: () => ready && settle(),
      drawn: () => {
        if (!ready) return;
        drawOver();
        window.kgReady ??= performance.now();
      }
    });
    redress();
    ready = true;
    engine.move({ ...view2, scale: inZoom(view2.scale) }, false);
    listenToPointer();
  }
  function placer() {
    const { x, y, scale } = camera();
    const [width, height] = [box.clientWidth, box.clientHeight];
    return { width, height, scale, spot: (node) => ({ x: (node.x - x) * scale + width / 2, y: (node.y - y) * scale + height / 2, r: node.size * scale }) };
  }
  function thingAt(px, py) {
    const { spot } = placer();
    const toNode = (node) => {
      const { x, y, r } = spot(node);
      return Math.hypot(x - px, y - py) - Math.max(r, 2);
    };
    const toLine = ({ tail, head: head2 }) => {
      const [a, b] = [spot(tail), spot(head2)];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const t = Math.min(1, Math.max(0, ((px - a.x) * dx + (py - a.y) * dy) / (dx * dx + dy * dy || 1)));
      return Math.hypot(a.x + t * dx - px, a.y + t * dy - py);
    };
    return least(nodes.filter((node) => node.shown), toNode, 4) ?? least(edges.filter(isDrawn), toLine, 4);
  }
  var placeOf = (node) => placer().spot(node);
  function hover(node) {
    if (node === state.at) return;
    state.at = node;
    changed("at");
  }
  function listenToPointer() {
    let waiting = 0;
    let down = null;
    let last = { time: 0, thing: null };
    const at = (event) => {
      const frame = box.getBoundingClientRect();
      return [event.clientX - frame.left, event.clientY - frame.top];
    };
    box.addEventListener("pointerdown", (event) => {
      down = event.isPrimary && event.button === 0 ? at(event) : null;
    }, true);
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
  function drawOver() {
    const place3 = placer();
    const dots = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(place3.width * dots), Math.round(place3.height * dots)];
    if (over.width !== width || over.height !== height) Object.assign(over, { width, height });
    const ctx = over.getContext("2d");
    ctx.setTransform(dots, 0, 0, dots, 0, 0);
    ctx.clearRect(0, 0, place3.width, place3.height);
    const pen = canvasPen(ctx);
    if (lit) {
      ctx.globalAlpha = 0.68;
      ctx.fillStyle = colours.bg;
      ctx.fillRect(0, 0, place3.width, place3.height);
      ctx.globalAlpha = 1;
      drawThings(pen, place3, [...lit].filter((thing) => !isNode(thing) && thing.shown), [...lit].filter((thing) => isNode(thing) && thing.shown), true);
    }
    drawMarks(pen, place3);
    labels ??= placeLabels(ctx, { ...place3, band, lit, first: [state.picked, state.at, state.second].filter(isNode), folds: state.folds, sans });
    for (const label of labels) drawLabel(pen, place3, label);
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
    const ring = (node, gap, width) => {
      const { x, y, r } = spot(node);
      pen.disc(x, y, r + gap, { stroke: colours.ink, width });
    };
    for (const node of [state.picked, state.second]) if (isNode(node)) ring(node, 4, 2);
    if (state.at && state.at !== state.picked) ring(state.at, 3, 1);
  }
  function drawLabel(pen, { spot }, { node, lines, font, align, dx, dy }) {
    const { x, y } = spot(node);
    const alpha = !lit || lit.has(node) ? 1 : 0.34;
    const colour = colours[node.kind === "paper" ? "ink-2" : "ink"];
    lines.forEach((line, i) => pen.text(line, x + dx, y + dy + i * LINE, { font, align, colour, halo: colours.bg, alpha }));
  }
  function drawWith(pen) {
    const place3 = placer();
    const seen = ({ x, y, r }) => x + r > 0 && y + r > 0 && x - r < place3.width && y - r < place3.height;
    const dim = lit ? 0.3 : 1;
    const things = [edges.filter(isDrawn), nodes.filter((node) => node.shown && seen(place3.spot(node)))];
    const paler = {
      disc: (x, y, r, look) => pen.disc(x, y, r, { ...look, alpha: dim * (look.alpha ?? 1) }),
      shape: (points, look) => pen.shape(points, { ...look, alpha: dim * (look.alpha ?? 1) }),
      line: (points, look) => pen.line(points, { ...look, alpha: dim * (look.alpha ?? 1) })
    };
    drawThings(paler, place3, things[0], things[1], false);
    if (lit) drawThings(pen, place3, things[0].filter((edge) => lit.has(edge)), things[1].filter((node) => lit.has(node)), true);
    drawMarks(pen, place3);
    for (const label of labels ?? []) drawLabel(pen, place3, label);
    return { width: place3.width, height: place3.height };
  }
  onChange((what) => {
    if (what === "moved") return;
    lit = light();
    labels = null;
    if (!engine) return;
    if (what === "shown") redress();
    else if (band < 2) engine.update([], edges);
    engine.redraw();
  });

  // viz/picture/address.js
  var written = location.hash.slice(1);
  function fragment() {
    const { off, years, score, degree, weight, measure, folds, dropped, picked, second, path } = state;
    const out = new URLSearchParams();
    const put = (name, value, usual2) => String(value) !== String(usual2) && out.set(name, String(value));
    put("off", [...off].sort().join(" "), usual.off);
    put("years", years.map((year2) => year2 ?? "").join("-"), "-");
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
  var usual = { off: "", folds: /* @__PURE__ */ new Set(), at: "", view: null };
  function place() {
    const { x, y, scale } = camera();
    return [Math.round(x), Math.round(y), scale.toPrecision(4)].join(" ");
  }
  function number(text, low, high, otherwise) {
    const value = Number(text);
    return text !== null && text !== "" && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : otherwise;
  }
  function readAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    const words = /* @__PURE__ */ new Set(["generic", ...ROLE_NAMES, ...nodes.map(({ kind }) => kind)]);
    if (given.has("off")) state.off = new Set(given.get("off").split(" ").filter((word) => words.has(word)));
    const years = /^(\d{0,4})-(\d{0,4})$/.exec(given.get("years") ?? "");
    if (years) state.years = [years[1], years[2]].map((text) => text ? Number(text) : null);
    state.score = number(given.get("score"), 0, 1, 0);
    state.degree = number(given.get("degree"), 0, 1e3, 0);
    state.weight = number(given.get("weight"), 1, 1e3, 1);
    if (["papers", "edges", "alike"].includes(given.get("size"))) state.measure = given.get("size");
    for (const id of given.getAll("open")) state.folds.delete(byId(id));
    for (const id of given.getAll("hide")) if (byId(id)) state.dropped.add(byId(id));
    for (const ids of given.getAll("fold")) {
      const [node, ...inside] = ids.split("\n").map(byId);
      if (node && inside.some(Boolean)) state.folds.set(node, new Set(inside.filter(Boolean)));
    }
    decideShown();
    const shown = (thing) => thing?.shown ? thing : null;
    if (given.has("edge")) state.picked = shown(edgeByKey.get(given.get("edge")));
    else if (given.has("at")) state.picked = shown(byId(given.get("at")));
    if (given.has("to") && isNode(state.picked)) {
      pathTo(byId(given.get("to")));
      if (state.path) state.path.number = Math.round(number(given.get("path"), 0, state.path.paths.length - 1, 0));
    }
    const view2 = (given.get("view") ?? "").split(" ").map(Number);
    return view2.length === 3 && view2.every(Number.isFinite) && view2[2] > 0 ? { x: view2[0], y: view2[1], scale: view2[2] } : null;
  }
  var noteOpening = () => {
    usual.view = place();
  };
  function noteUsual() {
    Object.assign(usual, { off: [...state.off].sort().join(" "), folds: new Set(state.folds.keys()), at: state.picked?.id ?? "" });
  }
  function startAddress(again) {
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

  // viz/picture/export.js
  function save(content, type, ending) {
    const blob = content instanceof Blob ? content : new Blob([content], { type });
    const address = URL.createObjectURL(blob);
    const name = page.title.normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase().slice(0, 60) || "graph";
    const anchor = Object.assign(document.createElement("a"), { href: address, download: `${name}.${ending}` });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), 1e4);
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
  function selection2() {
    const { picked, path } = state;
    if (path) return [path.paths[path.number].nodes, path.paths[path.number].edges];
    if (isNode(picked)) return [[picked, ...new Set(around(picked).map((edge) => other(edge, picked)))], around(picked)];
    if (picked) return [[picked.tail, picked.head], [picked]];
    return [nodes.filter((node) => node.shown), edges.filter((edge) => edge.shown)];
  }
  var nodeRecord = ({ id, kind, name, papers: named, date, url, names, generic }) => kind === "paper" ? { id, kind, title: name, date, url } : { id, kind, name, papers: named, generic, aliases: names.map(([text]) => text) };
  var edgeRecord = ({ tail, head: head2, role, score, weight, values, evidence }) => ({
    source: tail.id,
    target: head2.id,
    role,
    score,
    papers: weight,
    ...values.length ? { values } : {},
    evidence: evidence.map(([paper, field, text, marks]) => ({ paper, title: papers[paper]?.[0] ?? null, field, sentence: texts[text], marks }))
  });
  function asJson([someNodes, someEdges]) {
    return JSON.stringify({ title: page.title, command: page.command, nodes: someNodes.map(nodeRecord), edges: someEdges.map(edgeRecord) }, null, 2);
  }
  function asCsv([, someEdges]) {
    const cell = (value) => {
      const text = String(value ?? "");
      const safe = /^[=+\-@\t\r]/.test(text) && typeof value === "string" ? `'${text}` : text;
      return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const heads = ["source", "source_name", "source_kind", "role", "target", "target_name", "target_kind", "score", "papers", "paper", "sentence"];
    const rows = someEdges.map(({ tail, head: head2, role, score, weight, evidence }) => [tail.id, tail.name, tail.kind, role, head2.id, head2.name, head2.kind, score, weight, evidence[0]?.[0], texts[evidence[0]?.[2]]]);
    return [heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  }
  function asCypher([someNodes, someEdges]) {
    const text = (value) => JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
    const literal = (value) => Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : typeof value === "string" ? text(value) : String(value);
    const map = (record) => `{${Object.entries(record).filter(([, v]) => v !== null && v !== void 0).map(([k, v]) => `${k}: ${literal(v)}`).join(", ")}}`;
    const label = ({ kind }) => kind[0].toUpperCase() + kind.slice(1);
    const made = someNodes.map((node) => {
      const { id, ...rest } = nodeRecord(node);
      return `MERGE (n:${label(node)} {id: ${text(id)}}) SET n += ${map(rest)};`;
    });
    const tied = someEdges.map((edge) => {
      const { source: source2, target, role, score, evidence } = edgeRecord(edge);
      const first = evidence[0] ?? {};
      const ends = `MATCH (a:${label(edge.tail)} {id: ${text(source2)}}), (b:${label(edge.head)} {id: ${text(target)}})`;
      return `${ends} MERGE (a)-[r:${role.toUpperCase()}]->(b) SET r += ${map({ role, score, paper: first.paper, sentence: first.sentence })};`;
    });
    return [...made, ...tied].join("\n") + "\n";
  }
  function startExport() {
    const does = {
      svg,
      png,
      json: () => save(asJson(selection2()), "application/json", "json"),
      csv: () => save(asCsv(selection2()), "text/csv", "csv"),
      cypher: () => save(asCypher(selection2()), "text/plain", "cypher")
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

  // viz/picture/wider.js
  var GAP = 44;
  var GOLDEN = Math.PI * (3 - Math.sqrt(5));
  var MOST2 = 6e4;
  async function widen(node, button2, say2) {
    button2.disabled = true;
    const tell = (words) => {
      say2(words);
      $("#note").textContent = words;
    };
    try {
      const asked = new URLSearchParams({ id: node.id });
      let room = MOST2;
      for (const { id } of nodes) {
        room -= encodeURIComponent(id).length + "&drawn=".length;
        if (room < 0) break;
        asked.append("drawn", id);
      }
      const answer = await fetch(`/neighbours.json?${asked}`, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error((await answer.json()).error ?? answer.statusText);
      const { nodes: found, edges: edges2, papers: sources, texts: sentences, left_out: left } = await answer.json();
      place2(node, found.filter(({ id }) => !nodeById.has(id)));
      const base = texts.length;
      texts.push(...sentences);
      Object.assign(papers, sources);
      for (const edge of edges2) edge.evidence = edge.evidence.map(([paper, field, text, marks]) => [paper, field, text + base, marks]);
      const { nodes: fresh } = add(found, edges2);
      if (fresh.length) added(fresh);
      tell(fresh.length ? `${amount(fresh.length, "node")} added around ${node.name}. ${left}` : `All that lies next to ${node.name} is drawn.`);
    } catch (error) {
      tell(`Nothing was added: ${error.message}`);
    } finally {
      button2.disabled = false;
    }
  }
  function place2(host, fresh) {
    const taken = nodes.filter(({ x, y }) => Math.hypot(x - host.x, y - host.y) < 40 * GAP).map(({ x, y }) => [x, y]);
    let turn = 1;
    for (const node of fresh) {
      for (; ; turn++) {
        const reach = GAP * Math.sqrt(turn) + host.size;
        const [x, y] = [Math.round(host.x + reach * Math.cos(turn * GOLDEN)), Math.round(host.y + reach * Math.sin(turn * GOLDEN))];
        if (taken.some(([a, b]) => Math.hypot(a - x, b - y) < 0.8 * GAP) && turn < 5e3) continue;
        Object.assign(node, { x, y });
        taken.push([x, y]);
        turn++;
        break;
      }
    }
  }

  // viz/picture/panel.js
  var FIRST = 40;
  var say = (words) => {
    $("#said").textContent = words;
  };
  function goTo(node) {
    pick(node);
    show(node);
  }
  var nameButton = (node) => el("button", { type: "button", class: "name", title: node.kind, onclick: () => goTo(node) }, glyph(node.kind), bdi(node.name));
  var head = (title, note) => el("div", { class: "head" }, el("h3", {}, title), note ? el("span", { class: "muted small" }, note) : null);
  function draw() {
    const panel = $("#panel");
    const inside = panel.contains(document.activeElement);
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
      el("div", { class: "title" }, glyph(node.kind), el("h2", {}, bdi(node.name, 1e3)), el("span", { class: "muted" }, node.kind)),
      el(
        "p",
        { class: "facts" },
        !paper && node.kind !== "community" && fact("named in ", counted(node)),
        node.kind === "community" && fact("", counted(node)),
        paper && node.date && fact("", dateWords(node.date)),
        !paper && node.year && fact("first named in ", String(node.year)),
        node.address && link(node.address, "Open its page"),
        isWeb(node.url) && link(node.url, "Open paper")
      ),
      el(
        "div",
        { class: "acts" },
        leaves ? button(state.folds.has(node) ? `Unfold ${leaves}` : `Fold ${leaves}`, () => fold(node)) : null,
        button("Path to …", () => aimAtPath(say)),
        button("Hide", () => hide(node)),
        page.expand && node.kind !== "community" ? button("Wider", (event) => widen(node, event.target, say)) : null
      ),
      ...nameWords(node),
      head(`${amount(seen.length, "edge")} here`, seen.length > 1 && "strongest first"),
      edgeGroups(node, seen),
      unseen ? el("p", { class: "muted small" }, `${amount(unseen, "edge")} not drawn: folded, hidden, or off in the filters.`) : null
    ];
  }
  function nameWords(node) {
    const row = (before, name, why) => el("li", {}, before ? el("span", { class: "muted" }, before) : null, el("b", {}, bdi(name)), why ? el("span", { class: "why" }, bdi(why, 400)) : null);
    const rows = [...(node.names ?? []).map(([name, why]) => row("", name, why)), ...(node.apart ?? []).map(([name, why]) => row("kept apart ", name, why))];
    if (!rows.length) return [];
    const [first, left] = [rows.slice(0, 4), rows.slice(4)];
    return [
      head("Names"),
      el("ul", { class: "names small" }, ...first),
      left.length ? el("details", {}, el("summary", {}, `${left.length} more`), el("ul", { class: "names small" }, ...left)) : null
    ];
  }
  function strongestFirst(node, its) {
    const key = (edge) => 2 * ROLE_NAMES.indexOf(edge.role) + (edge.tail === node ? 0 : 1);
    return [...its].sort((a, b) => key(a) - key(b) || b.weight - a.weight || b.score - a.score);
  }
  function edgeGroups(node, seen) {
    const sorted = strongestFirst(node, seen);
    const groups = el("div");
    let words = null;
    let list = null;
    const add2 = (part) => part.forEach((edge) => {
      const its = wordsOf(edge, node);
      if (its !== words) groups.append(el("h4", { class: "rel" }, words = its), list = el("ul", { class: "told" }));
      list.append(el("li", {}, nameButton(other(edge, node)), edgeNote(edge), ...quotes(edge, 2)));
    });
    add2(sorted.slice(0, FIRST));
    const left = sorted.slice(FIRST);
    const more = button(`${left.length.toLocaleString("en")} more here`, () => {
      more.remove();
      add2(left);
    }, "plain");
    if (left.length) groups.append(more);
    return groups;
  }
  var edgeNote = (edge) => edge.values.length ? el("span", { class: "muted small" }, " ", bdi(edge.values.join(", "))) : edge.role === "together" ? el("span", { class: "muted small" }, ` in ${amount(edge.weight, "paper")}`) : null;
  function edgeWords(edge) {
    return [
      el("div", { class: "title" }, el("h2", {}, ROLES[edge.role].out)),
      el("p", {}, nameButton(edge.tail)),
      el("p", {}, el("span", { class: "rel" }, `${ROLES[edge.role].out} `), nameButton(edge.head), edgeNote(edge)),
      el("p", { class: "facts" }, el("span", {}, "score ", el("b", {}, edge.score.toFixed(2))), el("span", {}, "said by ", el("b", {}, amount(edge.weight, "paper")))),
      head(amount(edge.evidence.length, "sentence")),
      ...quotes(edge, Infinity)
    ];
  }
  function quotes(edge, most) {
    const kind = edge.head.kind === "paper" ? edge.tail.kind : edge.head.kind;
    const all = edge.evidence.map(([paper, field, text, marks]) => el("figure", { class: "said" }, quoteOf(texts[text], marks, kind), el("figcaption", { class: "where" }, ...source(paper, field, edge))));
    const left = all.splice(most);
    return left.length ? [...all, el("details", {}, el("summary", {}, amount(left.length, "more sentence")), ...left)] : all;
  }
  function source(id, field, edge) {
    const place3 = field === "title" ? "title" : "abstract";
    const [title, address] = papers[id] ?? [id, null];
    const open = address ? [" · ", link(address, "open")] : [];
    if (state.picked !== edge && [edge.tail.id, edge.head.id].includes(id)) return [place3, ...open];
    const paper = nodeById.get(id);
    const name = bdi(title ?? id);
    return [paper ? button(name, () => goTo(paper), "plain") : name, ` · ${place3}`, ...open];
  }
  function pathWords() {
    const { paths, number: number2, none } = state.path;
    const { nodes: along, edges: steps } = paths[number2] ?? { nodes: [], edges: [] };
    if (none) return [el("h2", {}, "No path here"), el("p", { class: "muted" }, none), el("div", { class: "acts" }, button("Back", leavePath))];
    return [
      el("h2", {}, `Path of ${amount(steps.length, "step")}`),
      el("p", { class: "muted small" }, `${number2 + 1} of ${paths.length}, the fewest steps first, then the rarest names.`),
      el("div", { class: "acts" }, paths.length > 1 ? button("Next path", () => stepPath(1)) : null, button("Leave the path", leavePath)),
      el("ol", { class: "chain" }, ...along.map((node, i) => el(
        "li",
        {},
        nameButton(node),
        steps[i] ? el("p", { class: "rel" }, wordsOf(steps[i], node)) : null,
        ...steps[i] ? quotes(steps[i], 1) : []
      )))
    ];
  }
  function nothingWords() {
    const degrees = nodes.filter((node) => node.shown).map((node) => [node, around(node).length]);
    const most = degrees.sort((a, b) => b[1] - a[1]).slice(0, 10);
    return [
      el("h2", {}, "Nothing selected"),
      ...nodes.length ? [el("p", { class: "muted small" }, "Click a node or an edge to read its sentences."), head("Most edges here")] : [],
      el("ul", { class: "most" }, ...most.map(([node, degree]) => el("li", {}, nameButton(node), el("span", { class: "muted" }, String(degree))))),
      nodes.length > 0 && $("#keys").content.cloneNode(true)
    ];
  }
  function startPanel() {
    draw();
    onChange((what) => {
      if (what === "picked" || what === "shown") draw();
      if (what !== "picked") return;
      const { picked } = state;
      if (isNode(picked)) say(`Selected: ${naming(picked)}, ${amount(around(picked).length, "edge")} here`);
      else say(picked ? `Selected: ${picked.tail.name} ${ROLES[picked.role].out} ${picked.head.name}` : "Nothing selected");
    });
  }
  function stepEdges(step) {
    const { picked } = state;
    const node = isNode(picked) ? picked : picked && [picked.tail, picked.head].includes(state.stepping) ? state.stepping : picked?.tail;
    if (!node) return;
    const list = strongestFirst(node, around(node));
    if (!list.length) return;
    const at = list.indexOf(picked);
    const next = list[at < 0 ? step > 0 ? 0 : list.length - 1 : (at + step + list.length) % list.length];
    pick(next);
    state.stepping = node;
  }

  // viz/picture/keys.js
  var ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  var leaving = false;
  var standing = () => state.at ?? (isNode(state.picked) ? state.picked : null);
  function goAt(node) {
    state.at = node;
    leaving = false;
    changed("at");
    say(naming(node));
    const { x, y } = placeOf(node);
    if (Math.min(x, y, box.clientWidth - x, box.clientHeight - y) <= 24) moveTo(node);
  }
  function goTowards([dx, dy]) {
    const from = standing();
    const start = from ?? camera();
    const best = least(nodes.filter((node) => node.shown && node !== from), (node) => {
      const [x, y] = [node.x - start.x, node.y - start.y];
      const along = x * dx + y * dy;
      return along > 0 ? along + 2 * Math.abs(x * dy - y * dx) : Infinity;
    });
    if (best) goAt(best);
  }
  function goByRank(step) {
    const row = ranked().filter((node) => node.shown);
    const from = standing();
    const next = leaving ? null : from ? row[row.indexOf(from) + step] : row[step > 0 ? 0 : row.length - 1];
    if (next) goAt(next);
    return Boolean(next);
  }
  function letGo() {
    leaving = true;
    if (state.path) leavePath();
    else pick(null);
  }
  var EVERYWHERE = {
    "/": () => $("#search").select(),
    "Escape": letGo,
    "+": () => zoom(1.2),
    "=": () => zoom(1.2),
    "-": () => zoom(1 / 1.2),
    "−": () => zoom(1 / 1.2),
    "f": fit,
    "u": () => say(undo() ? "Taken back" : "Nothing to take back"),
    "p": () => aimAtPath(say),
    "h": () => standing() && hide(standing()),
    "[": () => stepEdges(-1),
    "]": () => stepEdges(1),
    "?": () => {
      pick(null);
      $("#panel .keys")?.scrollIntoView();
    }
  };
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=range]), select, textarea")) return;
    const { key } = event;
    const does = EVERYWHERE[key.length === 1 ? key.toLowerCase() : key];
    if (!hasPicture() && key !== "/") return;
    if (does) does();
    else if (/^[1-6]$/.test(key)) toggle(KINDS[key - 1]);
    else if (event.target !== box) return;
    else if (key in ARROWS) goTowards(ARROWS[key]);
    else if (key === "Tab" && !goByRank(event.shiftKey ? -1 : 1)) return;
    else if (key === "Enter" && standing()) pick(standing());
    else if (key === " " && standing()) say(`${standing().name}: ${fold(standing())} folded`);
    else if (key !== "Tab") return;
    event.preventDefault();
  }
  function startKeys() {
    document.addEventListener("keydown", onKey);
    box.addEventListener("focus", () => {
      leaving = false;
    });
  }

  // viz/picture/legend.js
  var STEPS = [1, 2, 5, 10, 25, 50, 100, 200, 400];
  function draw2() {
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
    const slide = (id, value, most2, words) => {
      const input = $(id);
      if (!input) return;
      input.max = String(most2);
      input.value = String(value);
      $("output", input.closest("label")).textContent = words;
      input.closest("label").hidden = Number(input.min) >= most2;
    };
    const entities = nodes.filter((node) => node.kind !== "paper");
    slide("#degree", state.degree, Math.min(30, Math.max(0, extent(entities, (node) => node.edges.length)[1])), state.degree ? `${state.degree} or more` : "all");
    slide("#weight", state.weight, Math.min(50, Math.max(1, extent(edges, (edge) => edge.weight)[1])), state.weight > 1 ? `${state.weight} or more` : "all");
    slide("#score", Math.round(100 * state.score), 99, state.score ? `${state.score.toFixed(2)} or more` : "all");
    for (const [i, id] of ["#year-from", "#year-to"].entries()) if ($(id)) $(id).value = state.years[i] ?? "";
    if (!$("#measure")) return;
    $("#measure").value = state.measure;
    const [, most] = extent(entities, (node) => state.measure === "edges" ? around(node).length : node.papers);
    const last = Math.max(4, STEPS.findLastIndex((n) => n <= most));
    const key = state.measure === "alike" ? [] : [STEPS[last - 4], STEPS[last - 2], STEPS[last]];
    const sizes = $("#sizes");
    sizes.toggleAttribute("hidden", !key.length);
    const [circles, texts2] = [sizes.querySelectorAll("circle"), sizes.querySelectorAll("text")];
    key.forEach((n, i) => {
      const r = radius(state.measure, n);
      circles[i].setAttribute("r", r);
      circles[i].setAttribute("cy", 46 - r);
      texts2[i].textContent = n;
    });
    sizes.setAttribute("aria-label", `Size key: ${key.join(", ")} ${state.measure}`);
  }
  var year = (text) => /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : null;
  var inOrder = (from, to) => from !== null && to !== null && from > to ? [to, from] : [from, to];
  function startLegend() {
    draw2();
    onChange((what) => what === "shown" && draw2());
    const legend = $("#legend");
    if (matchMedia("(max-width: 900px)").matches) legend.open = false;
    legend.addEventListener("change", ({ target }) => {
      if (target.type === "checkbox") toggle(target.value);
      else if (target.id === "measure") set({ measure: target.value });
      else if (target.id.startsWith("year-")) set({ years: inOrder(year($("#year-from").value), year($("#year-to").value)) });
    });
    let slid = { id: "", time: -Infinity };
    legend.addEventListener("input", ({ target, timeStamp }) => {
      if (target.type !== "range") return;
      if (slid.id !== target.id || timeStamp - slid.time > 1e3) remember();
      slid = { id: target.id, time: timeStamp };
      if (target.id === "degree") state.degree = Number(target.value);
      else if (target.id === "weight") state.weight = Number(target.value);
      else state.score = Number(target.value) / 100;
      showAgain();
    });
  }

  // viz/picture/list.js
  var PAGE = 500;
  function showList(on) {
    $("#list").hidden = !on;
    box.inert = on;
    $("#as-list").setAttribute("aria-pressed", String(on));
    if (on) draw3();
  }
  var isList = () => !$("#list").hidden;
  function table(title, heads, things, row) {
    const body = el("tbody", {}, ...things.slice(0, PAGE).map(row));
    const left = things.slice(PAGE);
    const whole = el(
      "table",
      {},
      el("caption", {}, title),
      el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", { scope: "col", class: ["Papers", "Edges", "Score"].includes(text) && "num" }, text)))),
      body
    );
    const more = button(`${left.length.toLocaleString("en")} more rows`, () => {
      more.remove();
      body.append(...left.map(row));
    });
    return left.length ? [whole, more] : [whole];
  }
  function draw3() {
    if (!isList()) return;
    const nodeRow = (node) => el(
      "tr",
      {},
      el("td", {}, nameButton(node)),
      el("td", {}, node.kind),
      el("td", {}, String(node.date ?? node.year ?? "")),
      el("td", { class: "num" }, node.kind === "paper" ? "" : node.papers.toLocaleString("en")),
      el("td", { class: "num" }, String(around(node).length))
    );
    const edgeRow = (edge) => el(
      "tr",
      {},
      el("td", {}, nameButton(edge.tail)),
      el("td", {}, button(ROLES[edge.role].out, () => pick(edge), "plain")),
      el("td", {}, nameButton(edge.head)),
      el("td", { class: "num" }, edge.score.toFixed(2)),
      el("td", { class: "words" }, short(texts[edge.evidence[0]?.[2]] ?? "", 2e3))
    );
    const [shownNodes, shownEdges] = [ranked().filter((node) => node.shown), edges.filter((edge) => edge.shown)];
    $("#list").replaceChildren(
      ...table(amount(shownNodes.length, "node"), ["Name", "Type", "Date", "Papers", "Edges"], shownNodes, nodeRow),
      ...table(amount(shownEdges.length, "edge"), ["From", "Role", "To", "Score", "Sentence"], shownEdges, edgeRow)
    );
  }
  function startList() {
    $("#as-list").addEventListener("click", () => showList(!isList()));
    onChange((what) => what === "shown" && draw3());
  }

  // viz/picture/search.js
  var plain = (text) => text.normalize("NFKC").toLowerCase();
  var calledSo = (node) => node.kind === "paper" ? [node.by && node.year ? `${node.by} ${node.year}` : "", node.id].filter(Boolean) : (node.names ?? []).map(([name]) => name);
  var namesOf = (node) => [[node.name, false], ...calledSo(node).map((name) => [name, true])].map(([text, alias]) => ({ node, text, alias, key: plain(text) }));
  var held2 = { count: 0, names: [] };
  function everyName() {
    if (held2.count !== nodes.length) held2 = { count: nodes.length, names: nodes.flatMap(namesOf) };
    return held2.names;
  }
  function find(text) {
    const query = plain(text.trim());
    const grade = ({ key }) => key === query ? 0 : key.startsWith(query) ? 1 : 2;
    const best = /* @__PURE__ */ new Map();
    const hits = everyName().filter(({ key }) => key.includes(query)).sort((a, b) => grade(a) - grade(b) || b.node.papers - a.node.papers || a.alias - b.alias || a.key.length - b.key.length);
    for (const hit of hits) if (!best.has(hit.node)) best.set(hit.node, hit);
    const rows = [...best.values()].slice(0, 8).map(({ node, text: met, alias }) => ({ node, kind: node.kind, name: node.name, alias: alias ? met : null, papers: node.papers, date: node.date }));
    return { hits: rows, near: rows.length ? [] : nearest(text) };
  }
  var pairs = (text) => new Set(Array.from(text, (_, i) => ` ${text} `.slice(i, i + 2)));
  function nearest(query) {
    const wanted = pairs(plain(query));
    const likeness = ({ key }) => {
      const own = pairs(key);
      return 2 * [...own].filter((pair) => wanted.has(pair)).length / (own.size + wanted.size);
    };
    const near = everyName().map((name) => [likeness(name), name.text]).filter(([score]) => score > 0.25).sort((a, b) => b[0] - a[0]);
    return [...new Set(near.map(([, text]) => text))].slice(0, 3);
  }
  function startSearch(take) {
    combobox($("#find"), { find, take: ({ node }) => take(node) });
  }

  // viz/picture/main.js
  begin();
  noteUsual();
  var view = readAddress();
  startTheme(() => {
    readColours();
    redress();
  });
  startPath();
  startLegend();
  startPanel();
  startList();
  startExport();
  startKeys();
  startSearch((node) => {
    showList(false);
    box.focus({ preventScroll: true });
    if (!isAiming() || node === state.picked) return goTo(node);
    if (!node.shown) reveal(node);
    return pathTo(node);
  });
  if (nodes.length) {
    makePicture(view);
    if (!view) noteOpening();
  } else window.kgReady = performance.now();
  changed("picked");
  startAddress(() => {
    begin();
    const again = readAddress();
    if (again && hasPicture()) moveTo(again);
    changed("shown");
    changed("picked");
  });
  startSiteSearch();
  $("#said").textContent = "";
})();
