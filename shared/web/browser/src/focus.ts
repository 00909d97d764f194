// Where the keyboard is after the page has changed under it.

import { htmxContext } from "./dom";

export function startFocus(): void {
  // A refused form: first what is wrong, then the fields.
  document.querySelector<HTMLElement>("#problem")?.focus();

  let lost: Element | undefined;
  document.addEventListener("htmx:before:swap", (event) => {
    const source = htmxContext(event)?.sourceElement;
    const active = document.activeElement;
    lost = active && active !== document.body && source?.contains(active) ? source : undefined;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (!lost || (document.activeElement && document.activeElement !== document.body)) return;
    // The focused element was swapped away: go on at what came in its place.
    const place = event.target instanceof HTMLElement ? event.target : document.getElementById("main");
    const next = place?.querySelector<HTMLElement>("[autofocus], .is-invalid, #problem") ?? place;
    if (next && !next.matches("a, button, input, select, textarea, [tabindex]")) next.tabIndex = -1;
    next?.focus({ preventScroll: true });
  });
}
