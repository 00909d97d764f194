// Choosing from the asset library inside another page: the library's fragment shows, the page's own form takes.
//
//   <form id="FORM" hx-post="…"><input type="hidden" name="asset"></form>
//   <div data-picker="FORM"> … <button data-asset="ID"> … </div>

export function startPicker(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const option = event.target.closest<HTMLElement>("[data-picker] [data-asset]");
    const form = document.getElementById(option?.closest<HTMLElement>("[data-picker]")?.dataset["picker"] ?? "");
    const field = form?.querySelector<HTMLInputElement>("input[name=asset]");
    if (!option || !field || !(form instanceof HTMLFormElement)) return;
    field.value = option.dataset["asset"] ?? "";
    form.requestSubmit();
    option.closest("dialog")?.close();
  });
}
