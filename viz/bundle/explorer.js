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
  var listed = (words) => words.flatMap((word, i) => i ? [", ", bdi(word)] : [bdi(word)]);
  var amount = (n, noun, plural = `${noun}s`) => `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;

  // viz/shared/combobox.js
  function combobox(box, { find, take, hint = "↑ ↓ choose · Enter selects · Esc closes", enter = null, clears = true }) {
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
    const show = (found, near, text) => {
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
      const found = await find(text);
      if (turn === asked) show(found.hits, found.near, text);
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
  function startTheme(changed = () => {
  }) {
    let theme = THEMES.includes(stored()) ? stored() : "auto";
    const set = () => {
      if (theme === "auto") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = theme;
      $("#theme").textContent = `Theme: ${theme}`;
      changed();
    };
    set();
    $("#theme").addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      stored(theme);
      set();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  }

  // viz/shared/site.js
  async function suggest(text, kinds = []) {
    const answer = await fetch(`/names.json?${new URLSearchParams([["q", text], ...kinds.map((kind) => ["kind", kind])])}`);
    const { names, near } = answer.ok ? await answer.json() : { names: [], near: [] };
    return { hits: names, near: near.map(({ name }) => name) };
  }
  function startSiteSearch() {
    const box = $("#site-search");
    if (!box) return;
    combobox(box, {
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
      $("input", box).select();
    });
  }

  // viz/explorer/main.js
  startTheme();
  startSiteSearch();
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const was = button.textContent;
      try {
        await navigator.clipboard.writeText($(button.dataset.copy).textContent);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Press Ctrl C";
      }
      setTimeout(() => {
        button.textContent = was;
      }, 1500);
    });
  }
  for (const box of document.querySelectorAll(".name-field")) {
    const kinds = box.dataset.kinds.split(" ");
    const input = $("input", box);
    combobox(box, {
      find: (text) => suggest(text, kinds),
      take: (hit) => {
        input.value = hit.kind === "paper" ? hit.id : hit.name;
      },
      enter: "Enter takes it as it is.",
      clears: false
    });
  }
  var code = $("textarea.code");
  code?.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) code.form.requestSubmit();
  });
})();
