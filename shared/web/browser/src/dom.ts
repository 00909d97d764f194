// Small helpers that every behaviour shares.

/** Runs `start` for every element that matches, now and after each htmx swap. Each element is started once. */
export function onEach<E extends HTMLElement>(selector: string, start: (element: E) => void): void {
  const started = new WeakSet<Element>();
  const scan = (): void => {
    for (const element of document.querySelectorAll<E>(selector)) {
      if (started.has(element)) continue;
      started.add(element);
      start(element);
    }
  };
  scan();
  document.addEventListener("htmx:after:swap", scan);
}

/** The session's token, which every request that changes something carries. */
export function csrf(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
}

/** Says something to screen readers without moving the focus. */
export function announce(text: string): void {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

/** A sentence that the server put into the page for scripts: `<template id="texts" data-saved="…">`. */
export function text(name: string, values: Record<string, string> = {}): string {
  const sentence = document.getElementById("texts")?.dataset[name] ?? "";
  return sentence.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
}

/** An alert at the top of the page. It replaces the one before. */
export function showProblem(message: string): void {
  const region = document.getElementById("problems");
  if (!region) return;
  const alert = document.createElement("div");
  alert.className = "alert alert-danger problem";
  alert.setAttribute("role", "alert");
  alert.textContent = message;
  region.replaceChildren(alert);
}

/** What htmx tells about a request in its events' `detail.ctx`. */
export interface HtmxContext {
  sourceElement: Element;
  target: Element;
  sourceEvent?: Event;
  confirm?: string | null;
  request: { method: string; headers: Record<string, string>; submitter?: HTMLElement | null };
  response?: { status: number; headers: Headers };
}

/** The context of an htmx event. */
export function htmxContext(event: Event): HtmxContext | undefined {
  return (event as CustomEvent<{ ctx?: HtmxContext }>).detail?.ctx;
}
