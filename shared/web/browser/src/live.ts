// Live updates. `/events` tells topics and ids, never content; an element that shows one of them asks for itself
// again, so that every answer passes its own permission check.
//
//   <div data-live="item:ID"  hx-get="/items/ID/fragments/state" hx-trigger="live">   this item
//   <div data-live="item stops" hx-get="…" hx-trigger="load, live">                   any item, and stops
//
// What shows that something is under way says `data-live-pending`: it is asked for once more as soon as somebody listens.

const RECONNECT = 5_000;

export function startLive(): void {
  if (!document.querySelector("[data-live]")) return;
  let source: EventSource | undefined;
  let missed = false;
  const due = new Set<Element>();
  let timer: number | undefined;

  // Five hundred deliveries in one second are one refresh.
  const refresh = (element: Element): void => {
    due.add(element);
    timer ??= window.setTimeout(() => {
      timer = undefined;
      const elements = [...due];
      due.clear();
      for (const one of elements) {
        if (one.isConnected) one.dispatchEvent(new CustomEvent("live", { bubbles: false }));
      }
    }, 300);
  };
  const refreshAll = (): void => document.querySelectorAll("[data-live]").forEach(refresh);

  const connect = (): void => {
    if (source || document.hidden) return;
    source = new EventSource("/events");
    source.addEventListener("open", () => {
      // What happened while nobody listened is not told again; what a page waits for may have come before it listened.
      if (missed) refreshAll();
      else document.querySelectorAll("[data-live-pending]").forEach(refresh);
      missed = false;
    });
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
