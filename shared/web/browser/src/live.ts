// Live updates. `/events` tells topics and ids, never content; an element that shows one of them asks for itself
// again, so that every answer passes its own permission check.
//
//   <div data-live="item:ID"  hx-get="/items/ID/fragments/state" hx-trigger="live">   this item
//   <div data-live="item stops" hx-get="…" hx-trigger="load, live">                   any item, and stops
//
// What changes by itself at a known time says `data-live-in`, in seconds: what it stands in is asked for again then.
//
// A page hears first what was said since it was asked for: a post may go out while the page is on its way. Whoever types,
// presses or looks into something is not disturbed: what they are in is asked for again when they have left it.

import { type HtmxContext, htmxContext, onEach } from "./dom";

const RECONNECT = 5_000;

export function startLive(): void {
  if (!document.querySelector("[data-live]")) return;
  let source: EventSource | undefined;
  let missed = false;
  const asked = document.querySelector<HTMLMetaElement>('meta[name="asked-at"]')?.content ?? "";
  const due = new Set<Element>();
  let timer: number | undefined;

  // Five hundred deliveries in one second are one refresh.
  const soon = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      for (const element of [...due]) {
        if (element.isConnected && busy(element)) continue;
        due.delete(element);
        if (element.isConnected) element.dispatchEvent(new CustomEvent("live", { bubbles: false }));
      }
    }, 300);
  };
  const refresh = (element: Element): void => {
    due.add(element);
    soon();
  };
  const refreshAll = (): void => document.querySelectorAll("[data-live]").forEach(refresh);

  onEach<HTMLElement>("[data-live-in]", (element) => {
    const seconds = Number(element.dataset["liveIn"]);
    // Browsers count no further than 24 days; nobody leaves a page open for one.
    if (!(seconds < 86_400)) return;
    window.setTimeout(() => {
      const place = element.closest("[data-live]");
      if (place) refresh(place);
    }, seconds * 1000);
  });

  // The answer may come when somebody has just begun.
  const unfolded = new WeakMap<HtmxContext, { element: Element; names: Set<string> }>();
  document.addEventListener("htmx:before:swap", (event) => {
    const context = htmxContext(event);
    const element = context?.sourceElement;
    if (!context || !element?.matches("[data-live]")) return;
    if (busy(element)) {
      event.preventDefault();
      due.add(element);
    } else {
      unfolded.set(context, { element, names: new Set([...element.querySelectorAll("details[open]")].map(name)) });
    }
  });
  // What somebody has unfolded stays so.
  document.addEventListener("htmx:after:swap", (event) => {
    const context = htmxContext(event);
    const before = context && unfolded.get(context);
    if (!before) return;
    const place = before.element.isConnected ? before.element : document.getElementById(before.element.id);
    for (const details of place?.querySelectorAll("details") ?? []) if (before.names.has(name(details))) details.open = true;
  });
  for (const left of ["focusout", "pointerup", "pointercancel", "toggle"]) {
    document.addEventListener(left, () => due.size > 0 && soon(), true);
  }

  const connect = (): void => {
    if (source || document.hidden) return;
    // Nobody can say how long a page slept, or what a broken connection swallowed.
    source = new EventSource(missed ? "/events" : `/events?since=${asked}`);
    source.addEventListener("open", () => {
      if (missed) refreshAll();
      missed = false;
    });
    source.addEventListener("missed", refreshAll);
    source.addEventListener("message", (event) => {
      const { topic, id } = JSON.parse(String(event.data)) as { topic: string; id: string };
      for (const element of document.querySelectorAll<HTMLElement>("[data-live]")) {
        const wanted = (element.dataset["live"] ?? "").split(/\s+/);
        if (wanted.includes(topic) || wanted.includes(`${topic}:${id}`)) refresh(element);
      }
    });
    source.addEventListener("error", () => {
      missed = true;
      if (source?.readyState !== EventSource.CLOSED) return;
      source = undefined;
      window.setTimeout(connect, RECONNECT);
    });
  };

  // A hidden tab holds no connection: browsers allow only six to one server.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      source?.close();
      source = undefined;
      missed = true;
    } else {
      connect();
    }
  });
  document.addEventListener("renewed", () => {
    connect();
    refreshAll();
  });
  connect();
}

/** Whether somebody presses something in it, is in one of its forms, or has written there what is not sent yet. */
function busy(element: Element): boolean {
  if (element.querySelector(":active")) return true;
  const active = document.activeElement;
  if (active?.matches("input, select, textarea, form button") && element.contains(active)) return true;
  return [...element.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea")].some(
    (field) => field.value !== field.defaultValue || ("checked" in field && field.checked !== field.defaultChecked),
  );
}

/** What is unfolded, as it calls itself. */
function name(details: Element): string {
  return details.querySelector("summary")?.textContent?.trim() ?? "";
}
