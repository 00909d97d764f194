// Pictures that do not come because the store of files is away: the page says so once, in place of holes that say nothing.

import { showProblem } from "./dom";

export function startGone(): void {
  let asked = false;
  const ask = (image: HTMLImageElement): void => {
    if (asked || !image.src.startsWith(location.origin)) return;
    asked = true;
    void why(image.src).then((sentence) => {
      if (sentence) showProblem(sentence);
      else asked = false;
    });
  };
  // An error of a picture does not bubble.
  document.addEventListener("error", (event) => event.target instanceof HTMLImageElement && ask(event.target), true);
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0 && image.src) ask(image);
  }
}

/** What the server says of an address for as long as it cannot serve it (RFC 9457); nothing of what is simply not there. */
async function why(address: string): Promise<string | undefined> {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (answer.status !== 503) return undefined;
    const problem = (await answer.json()) as { detail?: string; kept?: string; next?: string };
    return [problem.detail, problem.kept, problem.next].filter(Boolean).join(" ");
  } catch {
    return undefined;
  }
}
