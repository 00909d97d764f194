// The order of a list that a form saves: its buttons, its numbers and dragging move a card here and now. Without scripts the
// same buttons and numbers send the form, and the server moves.
//
//   <form data-arrange data-moved="{name} is number {place} of {count}">
//     <li data-card="Name"> <input data-place type="number"> <button data-move="-1"> <span data-drag draggable="true">
//     <p data-arrange-unsaved hidden>

import { announce } from "./dom";

export function startArranging(): void {
  document.querySelectorAll<HTMLFormElement>("form[data-arrange]").forEach(start);
}

function start(form: HTMLFormElement): void {
  const list = form.querySelector("[data-card]")?.parentElement;
  if (!list) return;
  const cards = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>(":scope > [data-card]")];
  const unsaved = form.querySelector<HTMLElement>("[data-arrange-unsaved]");

  const number = (): void => {
    const all = cards();
    all.forEach((card, index) => {
      const place = card.querySelector<HTMLInputElement>("[data-place]");
      if (place) place.value = String(index + 1);
      for (const button of card.querySelectorAll<HTMLButtonElement>("button[data-move]")) {
        const at = index + Number(button.dataset["move"]);
        // Not disabled: that would drop the focus of whoever has just moved a card to the end.
        button.setAttribute("aria-disabled", String(at < 0 || at >= all.length));
      }
    });
  };
  const changed = (card: HTMLElement): void => {
    number();
    if (unsaved) unsaved.hidden = false;
    const all = cards();
    const values: Record<string, string> = {
      name: card.dataset["card"] ?? "",
      place: String(all.indexOf(card) + 1),
      count: String(all.length),
    };
    announce((form.dataset["moved"] ?? "").replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? ""));
  };
  /** Puts a card at a place, counted from 0, among the others. */
  const put = (card: HTMLElement, place: number): void => {
    const others = cards().filter((other) => other !== card);
    const before = others[Math.min(Math.max(place, 0), others.length)] ?? null;
    if (before === card.nextElementSibling) return number();
    list.insertBefore(card, before);
    changed(card);
  };

  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLButtonElement>("button[data-move]") : null;
    const card = button?.closest<HTMLElement>("[data-card]");
    if (!button || !card) return;
    event.preventDefault();
    put(card, Math.max(0, cards().indexOf(card) + Number(button.dataset["move"])));
    button.focus();
  });
  form.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement)) return;
    const card = event.target.closest<HTMLElement>("[data-card]");
    if (!card) return;
    if (event.target.matches("[data-place]")) put(card, Number(event.target.value || cards().length) - 1);
    else if (unsaved) unsaved.hidden = false;
  });

  let dragged: HTMLElement | undefined;
  list.addEventListener("dragstart", (event) => {
    const handle = event.target instanceof Element ? event.target.closest("[data-drag]") : null;
    if (!handle || !event.dataTransfer) return;
    dragged = handle.closest<HTMLElement>("[data-card]") ?? undefined;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset["card"] ?? "");
    event.dataTransfer.setDragImage(dragged, 20, 20);
    dragged.dataset["dragged"] = "";
  });
  list.addEventListener("dragover", (event) => {
    if (!dragged || !(event.target instanceof Element)) return;
    event.preventDefault();
    const over = event.target.closest<HTMLElement>("[data-card]");
    if (!over || over === dragged) return;
    const all = cards();
    // Whatever is passed makes room on the side from which the card comes.
    list.insertBefore(dragged, all.indexOf(dragged) < all.indexOf(over) ? over.nextElementSibling : over);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    delete dragged.dataset["dragged"];
    changed(dragged);
    dragged = undefined;
  });
  number();
}
