// htmx requests: the CSRF token on every one, a progress line, and a word when the network is gone.

import { csrf, htmxContext, showProblem, text } from "./dom";

export function startRequests(): void {
  let running = 0;
  const busy = (change: number): void => {
    running = Math.max(0, running + change);
    document.documentElement.classList.toggle("is-busy", running > 0);
  };

  document.addEventListener("htmx:config:request", (event) => {
    const context = htmxContext(event);
    if (context) context.request.headers["X-CSRF-Token"] = csrf();
  });
  document.addEventListener("htmx:before:request", (event) => {
    const context = htmxContext(event);
    const unasked = ["live", "load", "refresh"].includes(context?.sourceEvent?.type ?? "");
    // A refresh that nobody asked for must not swap away what somebody is writing.
    if (context && unasked && isWritten(context.sourceElement)) event.preventDefault();
    else busy(1);
  });
  document.addEventListener("htmx:finally:request", () => busy(-1));

  document.addEventListener("htmx:before:response", (event) => {
    const context = htmxContext(event);
    const status = context?.response?.status ?? 0;
    // What is on the page stays when a refresh of it fails.
    if (status >= 500 && context?.sourceEvent?.type === "live") event.preventDefault();
  });

  document.addEventListener("htmx:error", (event) => {
    const context = htmxContext(event);
    // A refresh that nobody asked for fails silently; the next one will tell.
    if (!context || context.sourceEvent?.type === "live" || context.sourceEvent?.type === "load") return;
    showProblem(text("offline"));
  });
}

/** Whether a field in there says something else than it did when the page came. */
function isWritten(element: Element): boolean {
  const fields = element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input:not([type=hidden])");
  return [...fields].some((field) => field.value !== field.defaultValue);
}
