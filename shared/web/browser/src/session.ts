// A session that ended while somebody was working: the page stays, a dialog offers to sign in in a second tab, and
// afterwards this page goes on with the new session's token. Behaviours wait for the document event "renewed".

import { announce, htmxContext, text } from "./dom";

let waiting = false;

/** Shows the dialog. Safe to call for every refused request. */
export function sessionEnded(): void {
  waiting = true;
  const dialog = document.querySelector<HTMLDialogElement>("#session-dialog");
  if (dialog && !dialog.open) dialog.showModal();
}

async function tryToGoOn(): Promise<void> {
  if (!waiting) return;
  const response = await fetch("/session", { headers: { Accept: "application/json" } }).catch(() => undefined);
  if (!response?.ok) return;
  const { csrf } = (await response.json()) as { csrf: string };
  waiting = false;
  document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.setAttribute("content", csrf);
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name="csrf"]')) field.value = csrf;
  document.querySelector<HTMLDialogElement>("#session-dialog")?.close();
  announce(text("renewed"));
  document.dispatchEvent(new CustomEvent("renewed"));
}

export function startSession(): void {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("session") : undefined;
  // This is the second tab: tell the others.
  if (document.querySelector("[data-session-renewed]")) channel?.postMessage("renewed");
  channel?.addEventListener("message", () => void tryToGoOn());
  window.addEventListener("focus", () => void tryToGoOn());

  document.addEventListener("htmx:before:response", (event) => {
    if (htmxContext(event)?.response?.status !== 401) return;
    event.preventDefault();
    sessionEnded();
  });
}
