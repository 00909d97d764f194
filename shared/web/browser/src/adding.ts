// Many of a long list: what is chosen of an input's suggestions becomes a ticked box beside it. Without scripts the server
// takes the names from the input itself.
//
//   <div data-chosen="territory">…</div><input data-adds="territory" list="countries">   options with data-code

import { announce } from "./dom";

export function startAdding(): void {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLInputElement) add(event.target);
  });
  document.addEventListener("keydown", (event) => {
    // Enter chooses; it must not send the whole form.
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || !event.target.dataset["adds"]) return;
    event.preventDefault();
    add(event.target);
  });
}

function add(input: HTMLInputElement): void {
  const name = input.dataset["adds"];
  if (!name || !input.list) return;
  const wanted = input.value.trim().toLocaleLowerCase();
  const option = [...input.list.options].find((one) => one.value.toLocaleLowerCase() === wanted);
  const code = option?.dataset["code"];
  const chosen = document.querySelector(`[data-chosen="${CSS.escape(name)}"]`);
  if (!option || !code || !chosen) return;
  const boxes = [...chosen.querySelectorAll<HTMLInputElement>("input")];
  const there = boxes.find((box) => box.value === code);
  if (there) there.checked = true;
  else chosen.append(box(name, code, option.value));
  input.value = "";
  announce(option.value);
}

function box(name: string, code: string, words: string): HTMLLabelElement {
  const label = document.createElement("label");
  label.className = "form-check";
  const tick = document.createElement("input");
  tick.className = "form-check-input";
  tick.type = "checkbox";
  tick.name = name;
  tick.value = code;
  tick.checked = true;
  const text = document.createElement("span");
  text.className = "form-check-label";
  text.textContent = words;
  label.append(tick, text);
  return label;
}
