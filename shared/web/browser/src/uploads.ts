// Where files are put in, as new assets or beside one that is there: every file goes up by itself, in pieces, and goes on where it stopped, after a broken
// line, a closed laptop or a reloaded page (the file is chosen again, and tus knows it by its fingerprint). A bundle of its
// own, loaded on those pages only; without scripts the form brings the files.

import Uppy, { type Meta, type UppyFile } from "@uppy/core";
import Tus from "@uppy/tus";
import { announce, csrf } from "./dom";
import { chosenFiles, droppedFiles, type Found } from "./dropped";

/** A proxy may bound a request's length; over 400 kbit/s a piece takes less than three minutes. */
const PIECE = 8 * 1024 * 1024;
const RETRIES = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];

type Line = UppyFile<Meta, Record<string, never>>;

const form = document.querySelector<HTMLFormElement>("form#uploads");
if (form) start(form);

function start(form: HTMLFormElement): void {
  const words = form.dataset;
  const list = form.querySelector<HTMLUListElement>("#uploads-list");
  const total = form.querySelector<HTMLElement>("#uploads-total");
  if (!list || !total) return;
  form.querySelectorAll<HTMLElement>("[data-scripted]").forEach((part) => (part.hidden = false));
  form.querySelectorAll<HTMLElement>("[data-plain]").forEach((part) => (part.hidden = true));
  const batch = crypto.randomUUID();
  const failed = new Set<string>();
  // For which file a request is: an error tells only the request.
  const asking = new WeakMap<object, string>();
  const asset = words.asset;
  const role = form.querySelector<HTMLSelectElement>("#part-role");
  role?.addEventListener("change", suit);
  suit();

  // The id is part of what tus knows a file by: one that was begun as a new asset is not gone on with as a part of another.
  const uppy = new Uppy({ id: asset ?? "uppy", autoProceed: true, allowMultipleUploadBatches: true }).use(Tus, {
    endpoint: words.endpoint ?? "",
    chunkSize: PIECE,
    limit: 3,
    retryDelays: RETRIES,
    uploadDataDuringCreation: true,
    removeFingerprintOnSuccess: true,
    // A field that is named here and not said would be sent as the word "undefined".
    allowedMetaFields: asset
      ? ["name", "relativePath", "unit", "asset", "role", "language"]
      : ["name", "relativePath", "unit", "batch", "batchName", "content"],
    headers: () => ({ "X-CSRF-Token": csrf(), Accept: "application/json" }),
    onBeforeRequest: (request, file) => void asking.set(request, file.id),
    // Between two tries it says why the first one failed: minutes of silence look like a standstill.
    onShouldRetry: (error, _attempt, _options, next) => {
      const again = next(error);
      const request = (error as { originalRequest?: object }).originalRequest;
      const id = request && asking.get(request);
      const file = id ? uppy.getFile(id) : undefined;
      const sentence = reason(error);
      if (again && file && sentence) {
        say(file.id, `${sentence} ${words.trying ?? ""}`);
        announce(`${file.name}: ${sentence} ${words.trying ?? ""}`);
      }
      return again;
    },
  });

  const value = (name: string): string => {
    const field = form.elements.namedItem(name);
    return field instanceof RadioNodeList || field instanceof HTMLInputElement || field instanceof HTMLSelectElement
      ? field.value.trim()
      : "";
  };

  /** What is said of a file on its way: of a part the folders say what it is, since the same file may be another part too. */
  const said = (path: string): Record<string, string> => {
    if (!asset) {
      return { relativePath: path, unit: value("unit"), batch, batchName: value("batch"), content: value("content") };
    }
    const language = speaks() ? value("language") : "";
    const relativePath = [value("role"), language, path].filter(Boolean).join("/");
    return { relativePath, unit: words.unit ?? "", asset, role: value("role"), language };
  };

  const add = (found: Found[]): void => {
    for (const { file, path } of found) {
      const meta = said(path);
      if (asset && speaks() && !meta.language) refuse(file.name, words.languageMissing ?? "");
      else if (file.size === 0) refuse(file.name, words.empty ?? "");
      else if (file.size > Number(words.most)) refuse(file.name, words.tooLarge ?? "");
      else {
        try {
          uppy.addFile({ name: file.name, type: file.type, data: file, meta });
        } catch {
          // The same file of the same folder is under way already.
        }
      }
    }
  };

  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "file" || !input.files) return;
    add(chosenFiles(input.files));
    input.value = "";
  });
  const zone = form.querySelector<HTMLElement>("[data-drop]");
  zone?.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone?.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone?.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(add);
  });
  // A file that misses the zone must not take the page's place.
  for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());

  uppy.on("file-added", (file) => {
    list.hidden = false;
    list.append(row(file));
    count();
  });
  uppy.on("upload-progress", (file, progress) => {
    const whole = progress.bytesTotal ?? 0;
    if (!file || whole === 0) return;
    const percent = Math.floor((progress.bytesUploaded / whole) * 100);
    failed.delete(file.id);
    say(file.id, (words.sending ?? "").replace("{percent}", String(percent)));
    const bar = of(file.id)?.querySelector("progress");
    if (bar) bar.value = percent;
  });
  uppy.on("upload-success", (file) => {
    if (!file) return;
    failed.delete(file.id);
    const line = of(file.id);
    line?.querySelectorAll("button, progress").forEach((part) => part.remove());
    if (line) line.dataset.state = "done";
    say(file.id, words.sent ?? "");
    count();
    refresh();
  });
  uppy.on("upload-error", (file, error, response) => {
    if (!file) return;
    failed.add(file.id);
    const line = of(file.id);
    if (line) line.dataset.state = "failed";
    const sentence = navigator.onLine ? reason(error) ?? reason(response) ?? words.failed ?? "" : words.retrying ?? "";
    say(file.id, sentence);
    announce(`${file.name}: ${sentence}`);
    const pause = line?.querySelector<HTMLButtonElement>("[data-act=pause]");
    if (pause) name(pause, words.again ?? "", file.name);
  });
  uppy.on("file-removed", (file) => {
    of(file.id)?.remove();
    failed.delete(file.id);
    count();
  });
  window.addEventListener("online", () => {
    if (failed.size > 0) void uppy.retryAll();
  });
  window.addEventListener("beforeunload", (event) => {
    const open = uppy.getFiles().some((file) => !file.progress.uploadComplete && !file.error);
    if (open) event.preventDefault();
  });

  function speaks(): boolean {
    return role?.selectedOptions[0]?.dataset.speaks !== undefined;
  }

  /** What the chosen role needs: a language or none, and which files the browser shows first. */
  function suit(): void {
    form.querySelectorAll<HTMLElement>("[data-part-language]").forEach((part) => (part.hidden = !speaks()));
    const files = form.querySelector<HTMLInputElement>("#part-files");
    if (files) files.accept = role?.selectedOptions[0]?.dataset.accept ?? "";
  }

  function of(id: string): HTMLElement | null {
    return list?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`) ?? null;
  }

  function say(id: string, sentence: string): void {
    const told = of(id)?.querySelector(".upload-state");
    if (told && told.textContent !== sentence) told.textContent = sentence;
  }

  function name(button: HTMLButtonElement, word: string, file: string): void {
    button.textContent = word;
    button.setAttribute("aria-label", `${word}: ${file}`);
  }

  function row(file: Line): HTMLLIElement {
    const line = document.createElement("li");
    line.className = "upload-line";
    line.dataset.id = file.id;
    const title = document.createElement("bdi");
    title.className = "upload-name";
    title.textContent = String((!asset && file.meta.relativePath) || file.name);
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name ?? "");
    const told = document.createElement("span");
    told.className = "upload-state";
    told.textContent = words.waiting ?? "";
    const pause = document.createElement("button");
    pause.type = "button";
    pause.className = "btn btn-sm";
    pause.dataset.act = "pause";
    name(pause, words.pause ?? "", file.name ?? "");
    pause.addEventListener("click", () => {
      if (failed.has(file.id)) {
        failed.delete(file.id);
        delete line.dataset.state;
        name(pause, words.pause ?? "", file.name ?? "");
        void uppy.retryUpload(file.id);
        return;
      }
      const paused = uppy.pauseResume(file.id) ?? false;
      name(pause, (paused ? words.resume : words.pause) ?? "", file.name ?? "");
      say(file.id, (paused ? words.paused : words.waiting) ?? "");
    });
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "btn btn-sm";
    name(remove, words.remove ?? "", file.name ?? "");
    remove.addEventListener("click", () => uppy.removeFile(file.id));
    line.append(title, bar, told, pause, remove);
    return line;
  }

  /** A file that is not even tried. */
  function refuse(file: string, sentence: string): void {
    if (!list) return;
    list.hidden = false;
    const line = document.createElement("li");
    line.className = "upload-line";
    line.dataset.state = "failed";
    const title = document.createElement("bdi");
    title.className = "upload-name";
    title.textContent = file;
    const told = document.createElement("span");
    told.className = "upload-state";
    told.textContent = sentence;
    line.append(title, told);
    list.append(line);
    announce(`${file}: ${sentence}`);
  }

  function count(): void {
    const files = uppy.getFiles();
    const sent = files.filter((file) => file.progress.uploadComplete).length;
    if (!total) return;
    total.hidden = files.length === 0;
    total.textContent = (words.all ?? "").replace("{sent}", String(sent)).replace("{total}", String(files.length));
  }

  let waiting = 0;
  /** The list below, once for many files. */
  function refresh(): void {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      document.querySelector("[data-uploaded]")?.dispatchEvent(new Event("refresh"));
    }, 500);
  }
}

/** The sentence of a problem+json answer (RFC 9457), wherever Uppy has put it. */
function reason(from: unknown): string | undefined {
  const answer = from as { originalResponse?: { getBody(): string } | null; body?: { xhr?: XMLHttpRequest } } | undefined;
  const text = answer?.originalResponse?.getBody() ?? answer?.body?.xhr?.responseText;
  if (!text) return undefined;
  try {
    const problem = JSON.parse(text) as { detail?: string; next?: string };
    return [problem.detail, problem.next].filter(Boolean).join(" ") || undefined;
  } catch {
    return undefined;
  }
}
