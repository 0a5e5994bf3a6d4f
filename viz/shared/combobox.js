// A search field with suggestions: an ARIA 1.2 combobox. `find` gives { hits, near }: rows, and where there are none names that are near (a promise or not); `take` gets the row that is chosen.
import { $, amount, bdi, el, glyph, listed, short } from "./elements.js";

// A row: { kind, name, alias (the spelling that was met, if it is another), note, … }
export function combobox(box, { find, take, hint = "↑ ↓ choose · Enter selects · Esc closes", enter = null, clears = true }) {
  const [input, menu, list, tail] = [$("input", box), $(".suggest", box), $("[role=listbox]", box), $(".tail", box)];
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
    [...list.children].forEach((row, k) => row.setAttribute("aria-selected", String(k === chosen)));
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
  const row = (hit, i) => el("li", { role: "option", id: `${list.id}-${i}`, onclick: () => finish(hit) },
    glyph(hit.kind),
    el("span", {}, typed(hit.alias ?? hit.name), hit.alias ? el("span", { class: "muted small" }, hit.kind === "paper" ? " " : " another name of ", bdi(hit.name)) : null),
    el("span", { class: "muted small" }, hit.kind),
    el("span", { class: "muted small" }, hit.note ?? (hit.kind === "paper" ? (hit.date ?? "").slice(0, 4) : amount(hit.papers, "paper"))));
  const show = (found, near, text) => {
    hits = found;
    list.replaceChildren(...hits.map(row));
    tail.replaceChildren(...(hits.length ? [hint]
      : ["No name here contains “", bdi(text), "”.", ...(near.length ? [" Near: ", ...listed(near), "."] : []), enter ? ` ${enter}` : ""]));
    menu.hidden = false;
    input.setAttribute("aria-expanded", String(hits.length > 0));
    chosen = -1;
    if (hits.length && !enter) choose(0);
  };
  const open = async () => {
    const text = input.value.trim();
    if (!text) return close();
    const turn = ++asked;
    const found = await find(text);
    if (turn === asked) show(found.hits, found.near, text);      // an answer that comes too late is dropped
  };

  input.addEventListener("input", open);
  input.addEventListener("focus", open);
  input.addEventListener("blur", close);
  menu.addEventListener("pointerdown", (event) => event.preventDefault());   // the click must come before the blur
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const does = {
      Escape: () => (menu.hidden ? leave() : close()),
      ArrowDown: () => hits.length && choose(chosen + 1),
      ArrowUp: () => hits.length && choose(chosen < 0 ? hits.length - 1 : chosen - 1),
      Enter: () => hits.length && finish(hits[Math.max(chosen, 0)]),
    }[event.key];
    if (!does || (event.key === "Enter" && enter && chosen < 0)) return;     // the form is sent: a search through the texts
    event.preventDefault();
    does();
  });
}
