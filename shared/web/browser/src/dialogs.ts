// Native dialogs, and questions before something that can't be taken back.
//
//   <button data-open-dialog="ID">              opens <dialog id="ID">
//   <button data-close-dialog>                  closes the dialog that it is in
//   <form data-confirm="Question?">             asks before a form is sent
//   <button hx-post="…" hx-confirm="Question?"> asks before an htmx request

import { htmxContext } from "./dom";

/** Asks in a dialog; the browser's own question where the page has none. */
function ask(question: string, go: () => void, stay: () => void): void {
  const dialog = document.querySelector<HTMLDialogElement>("#confirm-dialog");
  const button = dialog?.querySelector<HTMLButtonElement>("[data-confirm-go]");
  const place = dialog?.querySelector<HTMLElement>("[data-confirm-text]");
  if (!dialog || !button || !place) {
    if (window.confirm(question)) go();
    else stay();
    return;
  }
  place.textContent = question;
  let agreed = false;
  const agree = (): void => {
    agreed = true;
    dialog.close();
  };
  button.addEventListener("click", agree, { once: true });
  dialog.addEventListener(
    "close",
    () => {
      button.removeEventListener("click", agree);
      if (agreed) go();
      else stay();
    },
    { once: true },
  );
  dialog.showModal();
}

export function startDialogs(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest<HTMLElement>("[data-open-dialog]");
    if (opener) document.querySelector<HTMLDialogElement>(`#${CSS.escape(opener.dataset["openDialog"] ?? "")}`)?.showModal();
    if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog")?.close();
    // A click on the backdrop is one on the dialog itself.
    if (event.target instanceof HTMLDialogElement) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside && event.detail > 0) event.target.close();
    }
  });

  document.addEventListener("htmx:confirm", (event) => {
    const question = htmxContext(event)?.confirm;
    if (!question) return;
    event.preventDefault();
    const detail = (event as CustomEvent<{ issueRequest: () => void; dropRequest: () => void }>).detail;
    ask(question, detail.issueRequest, detail.dropRequest);
  });

  const agreed = new WeakSet<HTMLFormElement>();
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || agreed.has(form)) return;
      const question = (event.submitter as HTMLElement | null)?.dataset["confirm"] ?? form.dataset["confirm"];
      if (!question) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      ask(
        question,
        () => {
          agreed.add(form);
          form.requestSubmit(submitter);
          agreed.delete(form);
        },
        () => undefined,
      );
    },
    { capture: true },
  );
}
