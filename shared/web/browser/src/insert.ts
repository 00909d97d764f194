// Puts a word into the text where the writer last was.
//
//   <form id="composer" data-autosave=…><textarea>…</textarea></form>
//   <button type="button" data-insert="Biển Đông">   into the field of a form that saves itself which last had the focus
//   <button type="button" data-insert="@Lan" data-insert-into="comment">   into the field of that id

import { announce, text } from "./dom";

type Field = HTMLTextAreaElement | HTMLInputElement;

function isText(target: EventTarget | null): target is Field {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type === "text";
}

export function startInsert(): void {
  let last: Field | undefined;
  document.addEventListener("focusin", ({ target }) => {
    if (isText(target) && target.form?.dataset["autosave"] !== undefined) last = target;
  });
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const button = event.target.closest<HTMLElement>("[data-insert]");
    const word = button?.dataset["insert"];
    if (!word) return;
    const into = button.dataset["insertInto"];
    const named = into ? document.getElementById(into) : null;
    const field = named instanceof HTMLTextAreaElement ? named : last?.isConnected ? last : document.querySelector<HTMLTextAreaElement>("form[data-autosave] textarea");
    if (!field) return;
    const from = field.selectionStart ?? field.value.length;
    const before = field.value.slice(0, from);
    const space = before === "" || /\s$/.test(before) ? "" : " ";
    field.setRangeText(space + word, from, field.selectionEnd ?? from, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    announce(text("inserted", { word }));
  });
}
