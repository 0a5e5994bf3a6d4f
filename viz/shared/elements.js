// Elements made from data. Every text enters the page as a text node, so nothing in it is ever read as markup.

export const $ = (query, root = document) => root.querySelector(query);

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child || child === 0));
  return element;
}

// Names may hold bidirectional controls: <bdi> keeps them from turning the words around them.
// Names of a hundred thousand letters exist; what is shown of one is cut.
export const short = (text, most = 200) => (text.length > most ? `${text.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…` : text);
export const bdi = (text, most = 200) => el("bdi", {}, short(text, most));
export const glyph = (kind) => el("span", { class: `glyph ${kind}`, "aria-hidden": "true" });
export const button = (text, onclick, kind = "btn") => el("button", { type: "button", class: kind, onclick }, text);
export const listed = (words) => words.flatMap((word, i) => (i ? [", ", bdi(word)] : [bdi(word)]));

// The plural is another word where an s will not do.
export const amount = (n, noun, plural = `${noun}s`) => `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;

// Only addresses of the web become links; anything else stays text.
export const isWeb = (address) => /^https?:\/\//i.test(address ?? "");
// A path of the explorer's own, never one that a browser takes for another host.
const isOwn = (address) => /^\/(?![/\\])/.test(address ?? "");

export function link(address, ...children) {
  if (isOwn(address)) return el("a", { href: address }, ...children);
  if (isWeb(address)) return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, ...children);
  return el("span", {}, ...children);
}

export function dateWords(date) {
  const day = new Date(date.slice(0, 10));
  if (!/^\d{4}-\d\d-\d\d/.test(date) || Number.isNaN(day.getTime())) return date;
  return day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

// ---------- sentences ----------

// A sentence with its marks, which count code points. Over 280 characters: cut at words around the first mention, never inside one.
export function quoteOf(text, marks, kind) {
  const chars = Array.from(text.length > 20_000 ? `${text.slice(0, 20_000)}…` : text);
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
    if (start < done || end > to) continue;     // overlapping marks: the first one stays
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
