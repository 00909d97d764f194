// htmx requests: the CSRF token on every one, a progress line, and a word when the network is gone.

import { csrf, type HtmxContext, htmxContext, showProblem, text } from "./dom";

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
    if (context && isUnasked(context) && isWritten(context.target)) event.preventDefault();
    else busy(1);
  });
  let open = new Set<string>();
  document.addEventListener("htmx:before:swap", (event) => {
    const context = htmxContext(event);
    open = new Set();
    if (!context || !isUnasked(context)) return;
    if (isWritten(context.target)) event.preventDefault();
    open = new Set([...context.target.querySelectorAll("details[open]")].map(nameOf));
  });
  // What somebody has opened stays open.
  document.addEventListener("htmx:after:swap", () => {
    if (open.size === 0) return;
    for (const details of document.querySelectorAll("details")) if (open.has(nameOf(details))) details.open = true;
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

/** Whether it is a refresh that nobody asked for. Such a one must not swap away what somebody is writing. */
function isUnasked(context: HtmxContext): boolean {
  return ["live", "load", "refresh"].includes(context.sourceEvent?.type ?? "");
}

/** Whether a field in there says something else than it did when the page came, or a file is under way. */
function isWritten(element: Element): boolean {
  if (element.querySelector(".upload-list li:not([data-state])")) return true;
  const fields = element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("textarea, input:not([type=hidden])");
  const chosen = [...element.querySelectorAll("select")].some((select) => {
    const first = [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
    return select.selectedOptions[0] !== first;
  });
  return chosen || [...fields].some((field) => field.value !== field.defaultValue);
}

/** What a fold is known by when the page around it is a new one. */
function nameOf(details: Element): string {
  return details.querySelector("summary")?.getAttribute("aria-label") ?? details.querySelector("summary")?.textContent ?? "";
}
