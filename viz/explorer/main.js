// The explorer's pages work without this: it adds suggestions under the search field, the theme, copying, and a few keys.
import { $ } from "../shared/elements.js";
import { combobox } from "../shared/combobox.js";
import { startTheme } from "../shared/theme.js";
import { startSiteSearch, suggest } from "../shared/site.js";

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
    setTimeout(() => { button.textContent = was; }, 1500);
  });
}

// Names of papers and entities in forms are found as in the search field.
for (const box of document.querySelectorAll(".name-field")) {
  const kinds = box.dataset.kinds.split(" ");
  const input = $("input", box);
  combobox(box, {
    find: (text) => suggest(text, kinds),
    take: (hit) => { input.value = hit.kind === "paper" ? hit.id : hit.name; },
    enter: "Enter takes it as it is.",
    clears: false,
  });
}

const code = $("textarea.code");
code?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) code.form.requestSubmit();
});
