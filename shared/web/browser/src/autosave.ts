// Drafts that save themselves and are never lost.
//
//   <form data-autosave="/items/ID/draft" data-autosave-key="item:ID" data-autosave-version="3">
//     <input type="hidden" name="version" value="3">
//     … <span class="autosave" data-autosave-status role="status"></span>
//
// The contract with the server: every change is POSTed, urlencoded, to the address in `data-autosave`, with all
// fields of the form and the `version` that they are based on. The answers:
//   200 {"version": 4, "saved_at": "2026-09-02T02:00:00Z"}   saved; the next change is based on version 4
//   401                                                     the session ended: a dialog; saved again afterwards
//   409 problem+json {"detail", "arguments": {"version": 5}} somebody else saved meanwhile: nothing is overwritten;
//                                                           the person decides, and "save mine" sends version 5;
//                                                           without a version there is no such choice
//   422 problem+json {"detail"}                             refused, and said so; the next change is sent again; of type
//                                                           items-marked: not kept in this browser either
//   anything else, or no answer                             kept here, tried again
// A new, still unsaved thing may have no version: leave `data-autosave-version` empty; the 200 may then add
// "location": "/items/ID/edit" (the page's address from now on) and "autosave": the form's new address. "fields" are
// hidden fields that the next save is based on.
//
// Until the server has said "saved", the text is also kept in this browser under `data-autosave-key`. When the form
// is opened again, a kept text that is based on the same version is put back at once; one that is based on another
// version is offered. A page with `data-autosave-arrived="item:ID"` shows what a submitted form became: what was kept of that
// form is forgotten there.

import { announce, csrf, text } from "./dom";
import { sessionEnded } from "./session";

const PAUSE = 1_200;
// A line that is back is often back within a second: the first tries are quick, the later ones spare it.
const RETRY_FIRST = 1_000;
const RETRY_MOST = 15_000;
const PREFIX = "draft:";

interface Kept {
  version: string;
  at: string;
  fields: [string, string][];
  submitted?: boolean;
}

type State = "saving" | "saved" | "waiting" | "offline" | "signed-out" | "conflict" | "refused";

interface Answer {
  type?: string;
  version?: number | string;
  saved_at?: string;
  location?: string;
  autosave?: string;
  fields?: Record<string, string>;
  detail?: string;
  arguments?: Record<string, unknown>;
}

function fieldsOf(form: HTMLFormElement): [string, string][] {
  const fields: [string, string][] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf" && name !== "version") fields.push([name, value]);
  }
  return fields;
}

function putBack(form: HTMLFormElement, fields: [string, string][]): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio")) {
      field.checked = left.get(field.name)?.includes(field.value) ?? false;
    } else if (field instanceof HTMLSelectElement) {
      const values = left.get(field.name) ?? [];
      for (const option of field.options) option.selected = values.includes(option.value);
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      if (["csrf", "version", ""].includes(field.name) || ["file", "password", "submit"].includes(field.type)) continue;
      const value = left.get(field.name)?.shift();
      if (value === undefined || value === field.value) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

function clock(at: string): string {
  return new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
}

function keptUnder(key: string): Kept | undefined {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

class Autosave {
  private readonly key: string;
  private readonly status: HTMLElement | null;
  private timer: number | undefined;
  private sending = false;
  private again = false;
  private stopped = false;
  private waiting = false;
  private failures = 0;
  private saved: string | undefined;
  private submitter: HTMLElement | null = null;

  constructor(private readonly form: HTMLFormElement) {
    this.key = PREFIX + (form.dataset["autosaveKey"] ?? location.pathname);
    this.status = form.querySelector("[data-autosave-status]") ?? document.querySelector("[data-autosave-status]");
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    // The form itself takes over; the copy stays until the next page shows that it arrived.
    form.addEventListener("submit", (event) => {
      this.keep(true);
      window.clearTimeout(this.timer);
      this.stopped = true;
      // Overtaking a save that is on its way would look like somebody else's.
      if (this.sending) {
        event.preventDefault();
        event.stopPropagation();
        this.submitter = event.submitter;
        this.waiting = true;
      }
    });
    window.addEventListener("online", () => this.soon(0));
    document.addEventListener("renewed", () => this.soon(0));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.timer !== undefined) this.soon(0);
    });
  }

  private changed(): void {
    // Leaving a field whose text is saved is no change, and must not move the page under a finger.
    if (JSON.stringify(fieldsOf(this.form)) === this.saved) return;
    this.keep();
    this.show("waiting");
    this.soon(PAUSE);
  }

  private keep(submitted = false): void {
    const kept: Kept = { version: this.version(), at: new Date().toISOString(), fields: fieldsOf(this.form), submitted };
    try {
      localStorage.setItem(this.key, JSON.stringify(kept));
    } catch {
      // No room, or storage is forbidden: the server's copy is all there is.
    }
  }

  private kept(): Kept | undefined {
    return keptUnder(this.key);
  }

  private forget(): void {
    localStorage.removeItem(this.key);
  }

  private restore(): void {
    const kept = this.kept();
    if (!kept) return;
    const shown = fieldsOf(this.form);
    // What was kept arrived, even where the form has since gained or lost a part.
    const arrived = kept.fields.every(([name, value]) => {
      const now = shown.filter(([other]) => other === name);
      return now.length === 0 || now.some(([, present]) => present === value);
    });
    if (arrived) {
      this.forget();
    } else if (kept.version === this.version()) {
      putBack(this.form, kept.fields);
      this.offer(text("restored", { time: clock(kept.at) }), text("discard"), () => {
        this.forget();
        location.reload();
      });
      this.soon(PAUSE);
    } else {
      this.offer(text("older", { time: clock(kept.at) }), text("restore"), () => {
        putBack(this.form, kept.fields);
        this.changed();
      });
    }
  }

  private version(): string {
    return this.form.dataset["autosaveVersion"] ?? "";
  }

  private basedOn(version: string): void {
    this.form.dataset["autosaveVersion"] = version;
    const field = this.form.elements.namedItem("version");
    if (field instanceof HTMLInputElement) field.value = version;
  }

  private soon(wait: number): void {
    if (this.stopped || !this.kept()) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.send(), wait);
  }

  private async send(): Promise<void> {
    this.timer = undefined;
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    this.show("saving");
    const fields = fieldsOf(this.form);
    const body = new URLSearchParams([...fields, ["version", this.version()], ["csrf", csrf()]]);
    const headers = { Accept: "application/json", "X-CSRF-Token": csrf() };
    try {
      const response = await fetch(this.form.dataset["autosave"] ?? "", { method: "POST", body, headers, keepalive: body.toString().length < 60_000, signal: AbortSignal.timeout(30_000) });
      const answer = (await response.json().catch(() => ({}))) as Answer;
      this.answered(response.status, answer, fields);
    } catch {
      this.unreached();
    } finally {
      this.sending = false;
      if (this.waiting) {
        this.waiting = false;
        this.form.requestSubmit(this.submitter);
      } else if (this.again) {
        this.again = false;
        this.soon(0);
      }
    }
  }

  private unreached(): void {
    this.show("offline");
    this.soon(Math.min(RETRY_FIRST * 2 ** this.failures, RETRY_MOST));
    this.failures += 1;
  }

  private answered(status: number, answer: Answer, sent: [string, string][]): void {
    if (status === 200 || status === 201) {
      this.failures = 0;
      if (answer.version !== undefined) this.basedOn(String(answer.version));
      if (answer.autosave) this.form.dataset["autosave"] = answer.autosave;
      if (answer.location) history.replaceState(null, "", answer.location);
      const whole = JSON.stringify(sent) === JSON.stringify(fieldsOf(this.form));
      if (whole) this.forget();
      for (const [name, value] of Object.entries(answer.fields ?? {})) {
        const field = this.form.elements.namedItem(name);
        if (field instanceof HTMLInputElement && field.type === "hidden") field.value = value;
      }
      if (whole) {
        this.saved = JSON.stringify(fieldsOf(this.form));
        this.show("saved", answer.saved_at ?? new Date().toISOString());
      } else {
        this.changed();
      }
      // What is shown beside the form (a checklist, a preview) may look again: hx-trigger="autosaved from:document".
      document.dispatchEvent(new CustomEvent("autosaved"));
    } else if (status === 401) {
      this.show("signed-out");
      sessionEnded();
    } else if (status === 409) {
      this.show("conflict");
      this.stopped = true;
      const theirs = answer.arguments?.["version"];
      const said = answer.detail ?? text("conflict");
      if (theirs === undefined) this.offer(said);
      else
        this.offer(said, text("saveMine"), () => {
          this.stopped = false;
          this.basedOn(String(theirs));
          this.changed();
        });
    } else if (status === 422 || status === 400 || status === 403 || status === 413) {
      // Marked as a state secret: it stays on the screen, to be taken out, and is kept nowhere, not here either.
      if (answer.type?.endsWith(":items-marked")) this.forget();
      this.show("refused", undefined, answer.detail);
    } else {
      this.unreached();
    }
  }

  private show(state: State, at?: string, detail?: string): void {
    if (!this.status) return;
    this.status.dataset["state"] = state;
    const said = text(`autosave${state.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`, { time: at ? clock(at) : "" });
    this.status.textContent = detail ?? said;
  }

  /** A bar above the form, with at most one thing to do. */
  private offer(message: string, label?: string, act?: () => void): void {
    this.form.querySelector(".autosave-offer")?.remove();
    const bar = document.createElement("div");
    bar.className = "alert alert-warning autosave-offer";
    bar.setAttribute("role", "status");
    const words = document.createElement("div");
    words.textContent = message;
    bar.append(words);
    if (label && act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm";
      button.textContent = label;
      button.addEventListener("click", () => {
        bar.remove();
        act();
      });
      bar.append(button);
    }
    this.form.prepend(bar);
    announce(message);
  }
}

export function startAutosave(): void {
  const arrived = document.querySelector<HTMLElement>("[data-autosave-arrived]");
  const key = PREFIX + (arrived?.dataset["autosaveArrived"] ?? "");
  if (arrived && keptUnder(key)?.submitted) localStorage.removeItem(key);
  const started = new WeakSet<Element>();
  const scan = (): void => {
    for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) {
      if (started.has(form)) continue;
      started.add(form);
      new Autosave(form);
    }
  };
  scan();
  document.addEventListener("htmx:after:swap", scan);
}
