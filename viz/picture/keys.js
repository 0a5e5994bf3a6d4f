// The keyboard. Never while a field has the focus; none with Ctrl, Alt or Meta.
import { $ } from "../shared/elements.js";
import { KINDS, isNode, least, naming, nodes, ranked } from "./data.js";
import { say, stepEdges } from "./panel.js";
import { aimAtPath, leavePath } from "./path.js";
import { box, camera, fit, hasPicture, moveTo, placeOf, zoom } from "./picture.js";
import { changed, fold, hide, pick, state, toggle, undo } from "./state.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let leaving = false;            // Esc was pressed: the next Tab leaves the picture, so that it is no trap

const standing = () => state.at ?? (isNode(state.picked) ? state.picked : null);

function goAt(node) {
  state.at = node;
  leaving = false;
  changed("at");
  say(naming(node));
  const { x, y } = placeOf(node);
  if (Math.min(x, y, box.clientWidth - x, box.clientHeight - y) <= 24) moveTo(node);
}

// Nearest in that direction; going aside costs twice as much as going along.
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

// False where there is no next one: then Tab does what it does everywhere.
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

const EVERYWHERE = {
  "/": () => $("#search").select(),
  "Escape": letGo,
  "+": () => zoom(1.2), "=": () => zoom(1.2), "-": () => zoom(1 / 1.2), "−": () => zoom(1 / 1.2),
  "f": fit,
  "u": () => say(undo() ? "Taken back" : "Nothing to take back"),
  "p": () => aimAtPath(say),
  "h": () => standing() && hide(standing()),
  "[": () => stepEdges(-1), "]": () => stepEdges(1),
  "?": () => { pick(null); $("#panel .keys")?.scrollIntoView(); },
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

export function startKeys() {
  document.addEventListener("keydown", onKey);
  box.addEventListener("focus", () => { leaving = false; });
}
