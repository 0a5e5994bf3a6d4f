// The picture's page, offline and in the explorer. Reading order: data, state, shapes, labels, vis and sigma, picture, path, panel, legend, search, list, export,
// wider, keys, address.
import { $ } from "../shared/elements.js";
import { startSiteSearch } from "../shared/site.js";
import { startTheme } from "../shared/theme.js";
import { noteOpening, noteUsual, readAddress, startAddress } from "./address.js";
import { nodes } from "./data.js";
import { startExport } from "./export.js";
import { startKeys } from "./keys.js";
import { startLegend } from "./legend.js";
import { showList, startList } from "./list.js";
import { goTo, startPanel } from "./panel.js";
import { isAiming, pathTo, startPath } from "./path.js";
import { box, hasPicture, makePicture, moveTo, readColours, redress } from "./picture.js";
import { startSearch } from "./search.js";
import { begin, changed, reveal, state } from "./state.js";

begin();
noteUsual();
const view = readAddress();
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
