// How much room a text has left: in characters as people count them (grapheme clusters) and in UTF-8 bytes, since
// platforms limit both.
//
//   <textarea id="body" data-max-graphemes="300" data-max-bytes="3000" aria-describedby="body-counter"></textarea>
//   <div class="counter" id="body-counter"></div>
//
// The counter element is found as ID-counter. It says "12 / 300"; what is over its limit is marked, and announced
// when the writing pauses.

import { announce, onEach, text } from "./dom";

const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : undefined;
const encoder = new TextEncoder();

function graphemes(value: string): number {
  if (!segmenter) return [...value.normalize("NFC")].length;
  let count = 0;
  for (const _ of segmenter.segment(value)) count += 1;
  return count;
}

export function startCounters(): void {
  onEach<HTMLTextAreaElement | HTMLInputElement>("[data-max-graphemes], [data-max-bytes]", (field) => {
    const place = document.getElementById(`${field.id}-counter`);
    if (!place) return;
    const kinds = [
      { max: Number(field.dataset["maxGraphemes"]), unit: text("characters"), count: graphemes },
      { max: Number(field.dataset["maxBytes"]), unit: text("bytes"), count: (v: string) => encoder.encode(v).length },
    ].filter(({ max }) => max > 0);
    let pause: number | undefined;
    const show = (): void => {
      // Forms send line ends as CRLF, and the server stores LF: count what is stored.
      const value = field.value.replace(/\r\n?/g, "\n");
      let over = "";
      const parts = kinds.map(({ max, unit, count }) => {
        const used = count(value);
        const part = document.createElement("span");
        part.textContent = `${used} / ${max} ${unit}`;
        if (used > max) {
          part.dataset["over"] = "";
          over = text("over", { count: String(used - max), unit });
        }
        return part;
      });
      place.replaceChildren(...parts);
      field.classList.toggle("is-invalid", over !== "" || field.dataset["refused"] !== undefined);
      window.clearTimeout(pause);
      if (over) pause = window.setTimeout(() => announce(over), 1500);
    };
    if (field.classList.contains("is-invalid")) {
      field.dataset["refused"] = "";
      field.addEventListener("input", () => delete field.dataset["refused"], { once: true });
    }
    field.addEventListener("input", show);
    show();
  });
}
