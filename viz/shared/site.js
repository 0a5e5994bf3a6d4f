// The explorer's search field, on every page of it: suggestions from the server, `/` to get there.
import { combobox } from "./combobox.js";
import { $ } from "./elements.js";

export async function suggest(text, kinds = []) {
  const answer = await fetch(`/names.json?${new URLSearchParams([["q", text], ...kinds.map((kind) => ["kind", kind])])}`);
  const { names, near } = answer.ok ? await answer.json() : { names: [], near: [] };
  return { hits: names, near: near.map(({ name }) => name) };
}

export function startSiteSearch() {
  const box = $("#site-search");
  if (!box) return;
  combobox(box, {
    find: (text) => suggest(text),
    take: ({ address }) => { location.href = address; },
    hint: "↑ ↓ choose · Enter opens, or searches titles and abstracts · Esc closes",
    enter: "Enter searches titles and abstracts.",
  });
  if ($("#data")) return;             // in a picture “/” finds in the picture
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    $("input", box).select();
  });
}
