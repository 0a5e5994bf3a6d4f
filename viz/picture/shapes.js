// How nodes, edges and words are drawn, in screen pixels, with a pen: one for a canvas, one that writes SVG. The shapes are those of vis-network.
import { ROLES } from "./data.js";

const TURN = 2 * Math.PI;
const triangle = (r, up) => {
  const side = 2.3 * r;
  const [inner, height] = [Math.sqrt(3) / 6 * side, Math.sqrt(3) / 2 * side];
  const down = up ? 1 : -1;
  const y = down * 0.275 * 1.15 * r;
  return [[0, y - down * (height - inner)], [side / 2, y + down * inner], [-side / 2, y + down * inner]];
};
const OUTLINES = {
  square: (r) => [[-r, -r], [r, -r], [r, r], [-r, r]],
  triangle: (r) => triangle(r, true),
  triangleDown: (r) => triangle(r, false),
  diamond: (r) => [[0, r], [r, 0], [0, -r], [-r, 0]],
  hexagon: (r) => Array.from({ length: 6 }, (_, i) => [r * Math.cos(i * TURN / 6), r * Math.sin(i * TURN / 6)]),
  star: (r) => Array.from({ length: 10 }, (_, i) => {
    const reach = 0.82 * r * (i % 2 ? 0.5 : 1.3);
    return [reach * Math.sin(i * TURN / 10), 0.082 * r - reach * Math.cos(i * TURN / 10)];
  }),
};

export function drawNode(pen, node, { x, y, r }, colours) {
  const look = { fill: colours[node.kind], stroke: colours.bg, width: Math.min(1.5, r / 3) };
  if (node.shape === "dot") pen.disc(x, y, r, look);
  else pen.shape(OUTLINES[node.shape](r).map(([dx, dy]) => [x + dx, y + dy]), look);
}

// `scale` is that of the picture: a line keeps its width in layout pixels, but is never thinner than half a pixel.
export function drawEdge(pen, edge, from, to, scale, colours, lit) {
  const role = ROLES[edge.role];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const [tip, colour] = [{ x: to.x - ux * to.r, y: to.y - uy * to.r }, colours[role.token ?? (lit ? "ink-2" : "edge")]];
  const size = role.length * scale;
  const ended = role.arrow && size > 2 && length > from.r + to.r;
  const back = ended && role.arrow === "arrow" ? size : 0;
  const look = { stroke: colour, width: Math.max(edge.width * scale, 0.5), alpha: lit ? 1 : role.alpha ?? 0.55, dash: role.dash?.map((d) => d * scale) };
  pen.line([[from.x, from.y], [tip.x - ux * back, tip.y - uy * back]], look);
  if (!ended) return;
  const at = (along, aside) => [tip.x - ux * along - uy * aside, tip.y - uy * along + ux * aside];
  const solid = { ...look, dash: undefined };
  if (role.arrow === "arrow") pen.shape([at(0, 0), at(size, size * 0.42), at(size, -size * 0.42)], { fill: colour, alpha: look.alpha });
  else if (role.arrow === "bar") pen.line([at(0, size / 2), at(0, -size / 2)], solid);
  else pen.line([at(size * 0.8, size * 0.45), at(0, 0), at(size * 0.8, -size * 0.45)], solid);
}

export function canvasPen(ctx) {
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
    points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
  };
  return {
    disc(x, y, r, look) { ctx.beginPath(); ctx.arc(x, y, r, 0, TURN); paint(look); },
    shape(points, look) { trace(points); ctx.closePath(); paint(look); },
    line(points, look) { trace(points); paint(look); },
    text(words, x, y, { font, align, colour, halo, alpha = 1 }) {
      Object.assign(ctx, { font, textAlign: align, textBaseline: "alphabetic", fillStyle: colour, lineJoin: "round", lineWidth: 3.5, strokeStyle: halo });
      ctx.setLineDash([]);
      ctx.globalAlpha = alpha;
      ctx.strokeText(words, x, y);
      ctx.fillText(words, x, y);
      ctx.globalAlpha = 1;
    },
  };
}

// Elements, not strings: what is in a name can not become markup. What XML can not hold is replaced, or no reader would open the file.
const NOT_XML = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

export function svgPen(svg) {
  const put = (tag, attributes, words) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, String(value));
    if (words !== undefined) element.textContent = words.replace(NOT_XML, "\ufffd");
    svg.append(element);
  };
  const short = (n) => Number(n.toFixed(2));
  const list = (points) => points.map((point) => point.map(short).join(",")).join(" ");
  const paint = ({ fill, stroke, width, alpha, dash }) => ({
    fill: fill ?? "none", stroke, "stroke-width": stroke && short(width), opacity: alpha, "stroke-dasharray": dash?.map(short).join(" "),
  });
  return {
    disc(x, y, r, look) { put("circle", { cx: short(x), cy: short(y), r: short(r), ...paint(look) }); },
    shape(points, look) { put("polygon", { points: list(points), ...paint(look) }); },
    line(points, look) { put("polyline", { points: list(points), ...paint(look) }); },
    text(words, x, y, { font, align, colour, halo, alpha }) {
      const anchor = { left: "start", center: "middle", right: "end" }[align];
      const [, weight, size, family] = /^(?:(\d+) )?([\d.]+)px (.*)$/.exec(font);
      put("text", { x: short(x), y: short(y), "font-family": family, "font-size": size, "font-weight": weight, "text-anchor": anchor, fill: colour, stroke: halo, "stroke-width": 3.5, "stroke-linejoin": "round",
        "paint-order": "stroke", opacity: alpha }, words);
    },
  };
}
