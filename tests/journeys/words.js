// The product's own sentences, so that a journey looks for what a person reads and not for a copy of it.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const locales = join(dirname(fileURLToPath(import.meta.url)), "../../templates/locales");

/** All sentences of one language by their Fluent id; one-line messages only, which is what buttons and labels are. */
export function words(language) {
  const found = new Map();
  for (const file of readdirSync(join(locales, language))) {
    for (const line of readFileSync(join(locales, language, file), "utf8").split("\n")) {
      const match = /^([a-z][\w-]*) = (.+)$/.exec(line);
      if (match) found.set(match[1], match[2].trim());
    }
  }
  return (id) => {
    if (!found.has(id)) throw new Error(`no sentence ${id} in ${language}`);
    return found.get(id);
  };
}
