// Language and look are choices of this browser, kept in cookies that the server reads.
//
//   <a href="?lang=vi" data-language="vi">      <button data-set-theme="dark">

function remember(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

export function startPreferences(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const language = event.target.closest<HTMLElement>("[data-language]")?.dataset["language"];
    if (language) {
      event.preventDefault();
      remember("language", language);
      const url = new URL(location.href);
      url.searchParams.delete("lang");
      location.replace(url);
    }
    const theme = event.target.closest<HTMLElement>("[data-set-theme]")?.dataset["setTheme"];
    if (theme) {
      remember("theme", theme);
      if (theme === "auto") delete document.documentElement.dataset["bsTheme"];
      else document.documentElement.dataset["bsTheme"] = theme;
      for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
        button.setAttribute("aria-pressed", String(button.dataset["setTheme"] === theme));
      }
    }
  });
}
