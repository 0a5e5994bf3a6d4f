// Where names are written: beside their nodes, the most important first, none on another name or node.
import { least, ranked } from "./data.js";

export const LINE = 14;

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

// `spot` gives a node's place and radius on the screen, `band` how near the picture is; `first` are named whatever is in the way.
export function placeLabels(ctx, { width, height, spot, band, lit, first, folds, sans }) {
  const taken = new Boxes();
  const discs = new Map();
  const order = ranked();
  for (const node of order) {
    if (!node.shown) continue;
    const { x, y, r } = spot(node);
    if (x < 0 || x > width || y < 0 || y > height) continue;
    discs.set(node, [x - 0.9 * r, y - 0.9 * r, x + 0.9 * r, y + 0.9 * r]);
    taken.add(discs.get(node));
    if (folds.get(node)?.size) taken.add([x + r, y - r - 11, x + r + 34, y - r + 3]);     // its badge
  }
  const near = order.filter((node) => lit?.has(node));
  const rest = band > 1 ? order : order.filter((node) => node.kind !== "paper");
  const placed = [];
  const inView = ([l, t, r, b]) => l > 0 && t > 0 && r < width && b < height;
  for (const node of new Set([...first, ...near, ...rest])) {
    const disc = discs.get(node);
    if (!disc) continue;
    const label = placeLabel(ctx, node, spot(node), { band, sans, always: first.includes(node), free: (area) => inView(area) && taken.free(area, disc) });
    if (!label) continue;
    taken.add(label.area);
    placed.push(label);
    if (band === 0 && placed.length === 12) break;
  }
  return placed;
}

// Below, right, left, above, then the corners: the first place that meets no other label and no other node.
const PLACES = [[0, 1], [1, 0], [-1, 0], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1]];

function placeLabel(ctx, node, { x, y, r }, { band, sans, always, free }) {
  const font = `${node.kind === "paper" ? "11px" : node.kind === "community" || node.size >= 13 ? "600 13px" : "12px"} ${sans}`;
  const lines = linesOf(node, band);
  const width = Math.max(...lines.map((line) => textWidth(ctx, line, font))) + 2;
  const height = lines.length * LINE;
  const places = PLACES.map(([h, v]) => {
    const reach = (h && v ? 0.7 * r : r) + 4;
    const left = x - width / 2 + h * (reach + width / 2);
    const top = y - height / 2 + v * (reach + height / 2);
    return { h, area: [left, top, left + width, top + height] };
  });
  const place = places.find(({ area }) => free(area)) ?? (always ? places[0] : null);
  if (!place) return null;
  const { area, h } = place;
  return { node, area, lines, font, dx: [area[2], x, area[0]][h + 1] - x, dy: area[1] + 11 - y, align: ["right", "center", "left"][h + 1] };
}

const widths = new Map();

function textWidth(ctx, text, font) {
  const key = `${font} ${text}`;
  if (!widths.has(key)) {
    ctx.font = font;
    widths.set(key, ctx.measureText(text).width);
  }
  return widths.get(key);
}

// Over 16 characters two lines, over 32 cut; a paper is its author and year, or from near 2 × 28 of its title.
function linesOf(node, band) {
  const room = (node.kind === "paper" && band === 3) || node.kind === "community" ? 28 : 16;
  const short = node.kind === "paper" && band < 3 && node.by && node.year ? `${node.by} ${node.year}` : node.name;
  const dated = node.kind !== "paper" && node.year ? `${short} ${node.year}` : short;
  let name = Array.from(dated.slice(0, 400).replace(/\s+/gu, " ").trim());
  if (name.length > 2 * room) name = [...name.slice(0, 2 * room - 1), "…"];
  const words = name.join("").split(" ");
  if (name.length <= room || words.length === 1) return [name.join("")];
  const splits = words.slice(1).map((_, i) => [words.slice(0, i + 1).join(" "), words.slice(i + 1).join(" ")]);
  return least(splits, ([a, b]) => Math.abs(a.length - b.length));
}
