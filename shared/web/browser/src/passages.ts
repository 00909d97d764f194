// Marking a passage of a text that waits for approval: what is selected on the page becomes the place that the form names.
//
//   <section data-marking="FORM"><div data-marking-place="ACCOUNT LANGUAGE"><p class="preview-text">…</p></div></section>
//   <form id="FORM"> … <blockquote data-marking-shown hidden></blockquote> <div data-marking-list>…</div></form>
//
// And showing one in the composer: <button data-show-quote="words" hidden> selects the words in the text that has them.
// Without scripts the form has a list of sentences, and the button stays hidden.

import { onEach } from "./dom";

const AROUND = 64;

function field(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

export function startPassages(): void {
  onEach<HTMLElement>("[data-marking]", (section) => {
    const form = document.getElementById(section.dataset["marking"] ?? "");
    if (!(form instanceof HTMLFormElement)) return;
    const shown = form.querySelector<HTMLElement>("[data-marking-shown]");
    const list = form.querySelector<HTMLElement>("[data-marking-list]");
    document.addEventListener("selectionchange", () => {
      const selection = document.getSelection();
      if (!selection || selection.isCollapsed || selection.rangeCount === 0) return;
      const range = selection.getRangeAt(0);
      const node = range.commonAncestorContainer;
      const element = node instanceof Element ? node : node.parentElement;
      // Within one paragraph of one text: what spans two is marked twice.
      const paragraph = element?.closest<HTMLElement>(".preview-text, .preview-title");
      const place = paragraph?.closest<HTMLElement>("[data-marking-place]");
      const words = selection.toString().trim();
      if (!paragraph || !place || !section.contains(place) || words === "") return;
      const before = document.createRange();
      before.setStart(paragraph, 0);
      before.setEnd(range.startContainer, range.startOffset);
      const after = document.createRange();
      after.setStart(range.endContainer, range.endOffset);
      after.setEndAfter(paragraph.lastChild ?? paragraph);
      const values = {
        place: place.dataset["markingPlace"] ?? "",
        quote: words,
        prefix: before.toString().slice(-AROUND),
        suffix: after.toString().slice(0, AROUND),
      };
      for (const [name, value] of Object.entries(values)) {
        const input = field(form, name);
        if (input) input.value = value;
      }
      if (shown) {
        shown.textContent = words;
        shown.hidden = false;
      }
      if (list) list.hidden = true;
      form.closest("details")?.setAttribute("open", "");
    });
  });
  onEach<HTMLButtonElement>("[data-show-quote]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const words = button.dataset["showQuote"] ?? "";
      const loose = new RegExp(words.trim().split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"));
      for (const area of document.querySelectorAll<HTMLTextAreaElement>("#composer textarea")) {
        const found = loose.exec(area.value);
        if (!found) continue;
        area.focus();
        area.setSelectionRange(found.index, found.index + found[0].length);
        return;
      }
    });
  });
}
