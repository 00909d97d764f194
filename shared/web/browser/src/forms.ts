// Plain forms: nothing is sent twice by an impatient click, and messages can be put away.

const PATIENCE = 10_000;

export function startForms(): void {
  const sent = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented || form.method === "dialog") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    document.documentElement.classList.add("is-busy");
    event.submitter?.setAttribute("aria-disabled", "true");
    // The page is still here: the answer was a download, or none came. It can be sent again.
    const submitter = event.submitter;
    window.setTimeout(() => {
      sent.delete(form);
      submitter?.removeAttribute("aria-disabled");
      document.documentElement.classList.remove("is-busy");
    }, PATIENCE);
  });
  // Back again through the browser's history: the form can be sent once more.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-dismiss]")) event.target.closest(".alert")?.remove();
  });
}
