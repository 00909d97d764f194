// The asset library: arrow keys walk the grid, the space bar looks closer, a bar counts what is chosen, and a click on a
// picture sets its focal point. Without scripts the grid is a list of links, and every form still submits.

export function startLibrary(): void {
  document.addEventListener("keydown", walk);
  document.addEventListener("change", count);
  document.addEventListener("click", (event) => point(event));
  document.addEventListener("input", (event) => {
    if (event.target instanceof Element) mark(event.target.closest(".card-body")?.querySelector("[data-focal]"));
  });
  document.querySelectorAll("[data-focal]").forEach((element) => mark(element));
  document.querySelectorAll("[data-bar]").forEach((bar) => show(bar));
}

/** Arrow keys go to the neighbour, in the grid as it is laid out. */
function walk(event: KeyboardEvent): void {
  if (!(event.target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const grid = event.target.closest("[data-grid]");
  const link = event.target.closest<HTMLElement>("[data-glance]");
  if (!grid || !link) return;
  if (event.key === " ") {
    event.preventDefault();
    void glance(link);
    return;
  }
  const links = [...grid.querySelectorAll<HTMLElement>("[data-glance]")];
  const place = links.indexOf(link);
  const top = (element: HTMLElement): number => element.getBoundingClientRect().top;
  const first = links[0];
  const columns = first ? links.filter((one) => Math.abs(top(one) - top(first)) < 2).length : 1;
  const rightToLeft = getComputedStyle(grid).direction === "rtl" ? -1 : 1;
  const step = { ArrowRight: rightToLeft, ArrowLeft: -rightToLeft, ArrowDown: columns, ArrowUp: -columns }[event.key];
  const next = event.key === "Home" ? first : event.key === "End" ? links.at(-1) : step ? links[place + step] : undefined;
  if (!next || (step !== undefined && place + step < 0)) return;
  event.preventDefault();
  next.focus();
}

/** What the focused card is, larger, without leaving the grid. */
async function glance(link: HTMLElement): Promise<void> {
  const dialog = document.querySelector<HTMLDialogElement>("#glance");
  const body = document.querySelector<HTMLElement>("#glance-body");
  const path = link.dataset["glance"];
  if (!dialog || !body || !path) return;
  const answer = await fetch(path, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (!answer?.ok) return;
  // The server's own template, escaped there.
  body.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
  dialog.showModal();
  dialog.addEventListener("close", () => link.focus(), { once: true });
}

function count(event: Event): void {
  if (!(event.target instanceof HTMLInputElement) || event.target.name !== "asset") return;
  event.target.form?.querySelectorAll("[data-bar]").forEach((bar) => show(bar));
}

function show(bar: Element): void {
  const form = bar.closest("form");
  const chosen = form?.querySelectorAll('input[name="asset"]:checked').length ?? 0;
  bar.toggleAttribute("hidden", chosen === 0);
  const text = bar.querySelector<HTMLElement>("[data-bar-count]");
  if (text) text.textContent = (text.dataset["text"] ?? "").replace("{count}", String(chosen));
}

function sliders(focal: Element): [HTMLInputElement, HTMLInputElement] | undefined {
  const form = focal.closest("form");
  const across = form?.querySelector<HTMLInputElement>('[name="focal_x"]');
  const down = form?.querySelector<HTMLInputElement>('[name="focal_y"]');
  return across && down ? [across, down] : undefined;
}

function point(event: MouseEvent): void {
  const focal = event.target instanceof Element ? event.target.closest("[data-focal]") : null;
  const found = focal ? sliders(focal) : undefined;
  if (!focal || !found) return;
  const box = focal.getBoundingClientRect();
  found[0].value = String(Math.round(((event.clientX - box.left) / box.width) * 100));
  found[1].value = String(Math.round(((event.clientY - box.top) / box.height) * 100));
  mark(focal);
}

function mark(focal: Element | null | undefined): void {
  const spot = focal?.querySelector<HTMLElement>(".asset-focal-point");
  const found = focal ? sliders(focal) : undefined;
  if (!spot || !found) return;
  spot.style.left = `${found[0].value}%`;
  spot.style.top = `${found[1].value}%`;
}
