// Auto, which the style sheet does by itself, light or dark; a choice is remembered where the browser lets it.
import { $ } from "./elements.js";

const THEMES = ["auto", "light", "dark"];

// A file may have no storage: then the choice is not remembered.
function stored(theme) {
  try {
    if (theme) localStorage.setItem("kg-theme", theme);
    return localStorage.getItem("kg-theme");
  } catch {
    return null;
  }
}

export function startTheme(changed = () => {}) {
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
