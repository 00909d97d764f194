// The board on a large screen: the grid of `@event-calendar/core` over what the server has sent. Only the calendar's page
// loads this. Without it, and on phones, the list that the server wrote stands in its place.
//
//   <div id="board" data-view="month" data-query="/api/v1/calendar?…"></div>
//   <template id="board-data" data-board="{…}"></template>
//
// All times are what a wall shows, without a zone: the server has chosen the wall.

import { type Calendar, createCalendar, DayGrid, Interaction, ResourceTimeline, TimeGrid } from "@event-calendar/core";
import { announce, csrf, showProblem } from "./dom";

interface Card {
  id: string;
  headline: string;
  state: string;
  unit_names: Record<string, string>;
  at: string | null;
  other: string | null;
  other_city: Record<string, string> | null;
  platforms: string[];
  accounts: string[];
  colour: string | null;
  campaign: string | null;
  revision: number;
  moving: "free" | "again" | "never";
  late: boolean;
}
interface Mark { kind: string; label: string; country: string | null; off: boolean }
interface Day { date: string; today: boolean; more: number; lunar: string | null; lunar_name: string | null; marks: Mark[] }
interface Board { first: string; last: string; clock: string; days: Day[]; items: Card[]; lanes: { id: string; name: string; platform: string }[] }
type To = { days: number } | { wall: { wall: string; clock: string } } | { back: { wall: string | null } };
interface Moved { revision: number; before: string | null; undo: boolean; said: string }

const place = document.getElementById("board");
const texts = document.getElementById("board-texts");
const say = (name: string, values: Record<string, string> = {}): string =>
  (texts?.getAttribute(`data-${name}`) ?? name).replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? "");
const language = document.documentElement.lang;
const named = (names: Record<string, string> | null): string => names?.[language] ?? Object.values(names ?? {})[0] ?? "";

let board: Board = { first: "", last: "", clock: "host", days: [], items: [], lanes: [] };
let calendar: Calendar | undefined;

/** A day or time of the grid as the server writes it. */
function iso(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}:00`;
}

function element(tag: string, className: string, content = ""): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = content;
  return made;
}

// What an item looks like in the grid --------------------------------------------------------------------------------

function face(card: Card): Node[] {
  const link = document.createElement("a");
  link.className = "board-event";
  link.href = `/calendar/items/${card.id}/move`;
  link.draggable = false;
  link.dataset["boardItem"] = card.id;
  link.dataset["state"] = card.state;
  if (card.colour) link.dataset["colour"] = card.colour;
  const time = element("span", "board-event-time", card.at?.slice(11, 16) ?? "");
  if (card.other) {
    const day = card.at?.slice(0, 10) === card.other.slice(0, 10) ? "" : ` ${card.other.slice(8, 10)}/${card.other.slice(5, 7)}`;
    time.append(element("span", "board-event-other", ` · ${card.other.slice(11, 16)}${day} ${named(card.other_city)}`));
  }
  const title = element("span", "board-event-title", card.headline || say("untitled"));
  title.dir = "auto";
  const facts = [say(`state-${card.state}`), ...(place?.dataset["several"] === "true" ? [named(card.unit_names)] : [])];
  link.append(time, title, element("span", "board-event-facts", facts.join(" · ")));
  link.title = [card.headline, ...facts, ...card.platforms.map((name) => say(`platform-${name}`)), card.campaign ?? ""].filter(Boolean).join("\n");
  return [link];
}

function events(): Calendar.EventInput[] {
  return board.items.flatMap((card) => {
    if (!card.at) return [];
    const end = new Date(card.at);
    // An hour's height is what a time and a title need.
    end.setMinutes(end.getMinutes() + 60);
    // A day holds what begins in it: nothing is drawn into the next.
    const last = `${card.at.slice(0, 10)}T23:59:00`;
    const ends = iso(end).slice(0, 10) === card.at.slice(0, 10) ? iso(end) : last;
    return [{ id: card.id, start: card.at, end: ends, title: card.headline, resourceIds: card.accounts, extendedProps: { card }, startEditable: true, durationEditable: false }];
  });
}

const dayOf = (date: Date): Day | undefined => board.days.find((day) => day.date === iso(date).slice(0, 10));

/** A day's head: its number, the lunar day, and what makes it matter. */
function head(date: Date, name: string): Node[] {
  const day = dayOf(date);
  const nodes: Node[] = [element("span", "board-cell-number", name)];
  if (day?.lunar) {
    const lunar = element("span", "board-lunar", day.lunar);
    lunar.title = day.lunar_name ?? "";
    nodes.push(lunar);
  }
  for (const mark of day?.marks.slice(0, 3) ?? []) {
    const shown = element("span", "board-cell-mark", (mark.country && mark.country !== "VN" ? `${mark.country} · ` : "") + mark.label);
    shown.dataset["kind"] = mark.kind;
    if (mark.off) shown.dataset["off"] = "";
    shown.title = mark.label;
    nodes.push(shown);
  }
  if (day && day.more > 0) {
    const more = document.createElement("a");
    more.className = "board-cell-more";
    more.href = `/calendar?${new URL(place?.dataset["query"] ?? "", location.href).search.slice(1).replace(/view=\w+/, "view=day").replace(/&date=[\d-]*/, "")}&date=${day.date}`;
    more.textContent = say("more", { count: String(day.more) });
    nodes.push(more);
  }
  return nodes;
}

// Moving -------------------------------------------------------------------------------------------------------------

function toast(message: string, undo?: () => void): void {
  const box = document.getElementById("board-toast");
  const line = document.getElementById("board-toast-text");
  const button = document.getElementById("board-undo") as HTMLButtonElement | null;
  if (!box || !line || !button) return;
  box.hidden = false;
  line.textContent = message;
  button.hidden = !undo;
  button.onclick = undo
    ? () => {
        box.hidden = true;
        undo();
      }
    : null;
}

function askAgain(question: string): Promise<boolean> {
  const dialog = document.getElementById("again-dialog") as HTMLDialogElement | null;
  const line = document.getElementById("again-text");
  const yes = dialog?.querySelector<HTMLButtonElement>("[data-again-yes]");
  if (!dialog || !line || !yes) return Promise.resolve(window.confirm(question));
  line.textContent = question;
  return new Promise((resolve) => {
    let agreed = false;
    yes.onclick = () => {
      agreed = true;
      dialog.close();
    };
    dialog.addEventListener("close", () => resolve(agreed), { once: true });
    dialog.showModal();
  });
}

interface Problem { type?: string; title?: string; detail?: string; errors?: { detail?: string }[] }

const inWords = (problem: Problem): string =>
  problem.errors?.map((error) => error.detail ?? "").filter(Boolean).join(" ") || problem.detail || problem.title || say("move-failed");

/** Moves an item; true when it has moved. Says what came of it either way. */
async function move(id: string, revision: number, to: To, again = false): Promise<boolean> {
  const response = await fetch(`/api/v1/items/${id}/move`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf() },
    body: JSON.stringify({ revision, to, again }),
  }).catch(() => undefined);
  if (!response) {
    showProblem(say("move-failed"));
    return false;
  }
  if (response.ok) {
    const moved = (await response.json()) as Moved;
    const undo = (): void => {
      void move(id, moved.revision, { back: { wall: moved.before } }).then((done) => {
        if (done) toast(say("undone"));
      });
    };
    toast(moved.said, moved.undo ? undo : undefined);
    await refresh();
    return true;
  }
  const problem = (await response.json().catch(() => ({}))) as Problem;
  if (problem.type?.endsWith("board-move-again") && (await askAgain(inWords(problem)))) return move(id, revision, to, true);
  if (!problem.type?.endsWith("board-move-again")) {
    showProblem(inWords(problem));
    announce(inWords(problem));
    document.getElementById("problems")?.scrollIntoView({ block: "nearest" });
  }
  // Somebody else may have changed it: what is shown is asked for again.
  await refresh();
  return false;
}

function dropped(info: Calendar.EventDropInfo): void {
  const card = info.event.extendedProps["card"] as Card;
  if (info.newResource && info.newResource.id !== info.oldResource?.id) {
    info.revert();
    showProblem(say("lane"));
    return;
  }
  const from = info.oldEvent.start;
  const to = info.event.start;
  const midnight = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  const sameHour = from.getHours() === to.getHours() && from.getMinutes() === to.getMinutes();
  const target: To = sameHour
    ? { days: Math.round((midnight(to) - midnight(from)) / 86_400_000) }
    : { wall: { wall: iso(to), clock: board.clock } };
  void move(card.id, card.revision, target).then((done) => {
    if (!done) info.revert();
  });
}

async function refresh(): Promise<void> {
  const address = place?.dataset["query"];
  if (!address) return;
  const response = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => undefined);
  if (!response?.ok) return;
  board = (await response.json()) as Board;
  calendar?.setOption("events", events());
  void embargoes();
  const list = document.getElementById("board-list");
  const page = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined);
  if (!list || !page?.ok) return;
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
  for (const part of ["agenda", "board-tray"]) {
    const selector = part === "agenda" ? "#agenda" : ".board-tray";
    const [old, other] = [document.querySelector(selector), fresh.querySelector(selector)];
    if (old && other) old.replaceWith(document.importNode(other, true));
    else if (old && part === "board-tray") old.remove();
  }
}

/** When embargoes end, from the library: its own list, for what the viewer may see there. */
async function embargoes(): Promise<void> {
  const response = await fetch(`/api/v1/assets/embargoes?from=${board.first}&to=${board.last}`, { headers: { Accept: "application/json" } }).catch(() => undefined);
  if (!response?.ok) return;
  const found = (await response.json()) as { id: string; title: string; wall: string }[];
  for (const { id, title, wall } of found) {
    if (calendar?.getEventById(`embargo-${id}`)) continue;
    calendar?.addEvent({ id: `embargo-${id}`, start: wall, end: wall, title, editable: false, startEditable: false, extendedProps: { embargo: id, title } });
  }
}

// The dialog: what an item is, and the same move without a mouse -----------------------------------------------------

async function open(id: string): Promise<void> {
  const dialog = document.getElementById("board-dialog") as HTMLDialogElement | null;
  const body = document.getElementById("board-dialog-body");
  if (!dialog || !body) return;
  const response = await fetch(`/calendar/items/${id}/move`, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (!response?.ok) {
    location.assign(`/items/${id}`);
    return;
  }
  body.replaceChildren(...new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes);
  dialog.showModal();
  dialog.querySelector<HTMLElement>("input[type=datetime-local], .btn-primary")?.focus();
}

function startDialog(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest<HTMLElement>("[data-board-item]");
    if (!link) return;
    event.preventDefault();
    void open(link.dataset["boardItem"] ?? "");
  });
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.dataset["moveForm"]) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const data = new FormData(form);
      const wall = String(data.get("wall") ?? "");
      const to: To = { wall: { wall: wall.length === 16 ? `${wall}:00` : wall, clock: form.dataset["clock"] ?? "host" } };
      form.closest("dialog")?.close();
      void move(form.dataset["moveForm"], Number(form.dataset["revision"]), to, data.get("again") === "1");
    },
    { capture: true },
  );
  document.getElementById("board-toast-close")?.addEventListener("click", () => {
    const box = document.getElementById("board-toast");
    if (box) box.hidden = true;
  });
  document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
}

// Drafts without a day, onto one -------------------------------------------------------------------------------------

function startTray(grid: HTMLElement): void {
  document.addEventListener("dragstart", (event) => {
    const draft = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-undated]") : null;
    if (!draft || !event.dataTransfer) return;
    event.dataTransfer.setData("application/x-draft", `${draft.dataset["undated"]} ${draft.dataset["revision"]}`);
    event.dataTransfer.effectAllowed = "move";
  });
  grid.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("application/x-draft")) event.preventDefault();
  });
  grid.addEventListener("drop", (event) => {
    const [id, revision] = (event.dataTransfer?.getData("application/x-draft") ?? "").split(" ");
    const on = calendar?.dateFromPoint(event.clientX, event.clientY);
    if (!id || !on) return;
    event.preventDefault();
    // A day has no hour: nine in the morning, to be changed.
    const wall = on.allDay ? `${iso(on.date).slice(0, 10)}T09:00:00` : iso(on.date);
    void move(id, Number(revision), { wall: { wall, clock: board.clock } });
  });
}

// The grid -----------------------------------------------------------------------------------------------------------

/** The calendar calls its parts cells of a table that has no rows: said to nobody, since the list says the same in order. */
function withoutTable(grid: HTMLElement): void {
  const roles = ["table", "rowgroup", "row", "columnheader", "rowheader", "cell"].map((role) => `[role=${role}]`).join();
  const clear = (): void => {
    // What scrolls can be scrolled by keyboard.
    const scrolls = grid.querySelector(".ec-main:not([tabindex])");
    scrolls?.setAttribute("tabindex", "0");
    scrolls?.setAttribute("aria-labelledby", "board-title");
    grid.querySelectorAll(`${roles}, [aria-colindex], [aria-colspan]`).forEach((part) => {
      for (const name of ["role", "aria-colindex", "aria-colspan"]) part.removeAttribute(name);
    });
  };
  clear();
  new MutationObserver(clear).observe(grid, { childList: true, subtree: true });
}

function startGrid(grid: HTMLElement): void {
  const view = grid.dataset["view"] ?? "month";
  const views: Record<string, string> = { month: "dayGridMonth", week: "timeGridWeek", day: "timeGridDay", lanes: "lanes" };
  const kind = views[view];
  // A list, and a phone, need no grid: the list is there.
  if (!kind || window.matchMedia("(max-width: 767px)").matches) return;
  grid.hidden = false;
  const list = document.getElementById("board-list");
  if (list instanceof HTMLDetailsElement) list.open = false;
  const middle = view === "month" ? (board.days[10]?.date ?? board.first) : board.first;
  const locale = language === "vi" ? "vi-VN" : "en-GB";
  const short = new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "numeric" });
  calendar = createCalendar(grid, [DayGrid, TimeGrid, ResourceTimeline, Interaction], {
    view: kind,
    views: { lanes: { type: "resourceTimelineMonth", duration: { weeks: 1 }, slotDuration: { days: 1 }, snapDuration: { days: 1 }, slotWidth: 150 } },
    date: middle,
    locale,
    firstDay: 1,
    headerToolbar: { start: "", center: "", end: "" },
    height: view === "month" ? "auto" : "44rem",
    allDaySlot: false,
    scrollTime: "07:00:00",
    slotDuration: "00:30:00",
    slotHeight: 28,
    snapDuration: "00:15:00",
    eventStartEditable: true,
    eventDurationEditable: false,
    eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
    highlightedDates: board.days.filter((day) => day.today).map((day) => day.date),
    resources: board.lanes.map((lane) => ({ id: lane.id, title: `${lane.name} · ${say(`platform-${lane.platform}`)}` })),
    events: events(),
    dayCellContent: view === "month" ? ({ date }) => ({ domNodes: head(date, String(date.getDate())) }) : undefined,
    dayHeaderFormat: view === "month" ? { weekday: "long" } : (date: Date) => ({ domNodes: head(date, short.format(date)) }),
    eventContent: ({ event }) => {
      const card = event.extendedProps["card"] as Card | undefined;
      if (card) return { domNodes: face(card) };
      const link = document.createElement("a");
      link.className = "board-event board-event-embargo";
      link.href = `/assets/${String(event.extendedProps["embargo"])}`;
      link.draggable = false;
      link.append(element("span", "board-event-time", say("embargo")), element("span", "board-event-title", String(event.extendedProps["title"])));
      return { domNodes: [link] };
    },
    eventDrop: dropped,
  } as Calendar.Options);
  withoutTable(grid);
  startTray(grid);
  void embargoes();
}

if (place) {
  board = JSON.parse(document.getElementById("board-data")?.dataset["board"] ?? "{}") as Board;
  startDialog();
  startGrid(place);
  // Something has changed somewhere: what is shown is asked for again, in one go.
  place.addEventListener("live", () => {
    if (!document.querySelector("dialog[open]") && !document.querySelector("#agenda :checked")) void refresh();
  });
}
