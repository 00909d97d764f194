// A long list of choices gets a field above it to look things up by: with ninety missions whose names all begin alike, the
// keyboard's own search in a list finds nothing. Capitals and accents do not count: “lao” finds “Lào”.
//
// Every <select> of more than LONG choices has it; without scripts the list is whole.

import { announce, onEach, text } from "./dom";

const LONG = 20;

function plain(value: string): string {
  return value.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
}

export function startChoices(): void {
  onEach<HTMLSelectElement>("select.form-select", (select) => {
    if (select.options.length <= LONG) return;
    const all = [...select.options].map((option) => ({ option, words: plain(option.text) }));
    const label = select.labels[0]?.textContent?.trim() ?? "";
    const field = document.createElement("input");
    field.type = "search";
    field.className = "form-control mb-1";
    field.placeholder = text("lookUp");
    field.setAttribute("aria-label", text("lookUpIn", { list: label }));
    field.autocomplete = "off";
    let before = select.value;
    field.addEventListener("input", () => {
      const wanted = plain(field.value).split(/\s+/);
      const found = all.filter(({ words }) => wanted.every((word) => words.includes(word)));
      // What was chosen stays until something else is found.
      const shown = found.length > 0 ? found : all;
      const chosen = shown.find(({ option }) => option.value === before) ?? shown.find(({ option }) => option.value) ?? shown[0];
      select.replaceChildren(...shown.map(({ option }) => option));
      if (chosen) select.value = chosen.option.value;
      field.setAttribute("aria-invalid", String(found.length === 0));
      announce(found.length > 0 ? text("lookUpFound", { count: String(found.length), first: chosen?.option.text ?? "" }) : text("lookUpNone"));
    });
    // Whoever listens to the list hears of it once, when the looking up is over.
    field.addEventListener("change", () => {
      if (select.value === before) return;
      before = select.value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    // The field is a help, not an answer: Enter does not send the form.
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      select.focus();
    });
    select.before(field);
  });
}
