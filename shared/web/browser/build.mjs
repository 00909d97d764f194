// Bundles the browser's share into ../dist: scripts, styles cut down to what templates use, an icon sprite, fonts.
// Every file's name carries the hash of its content; manifest.json says which plain name stands for which file, and
// text files lie beside their .br and .gz forms, so that nothing is compressed while somebody waits.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const here = import.meta.dirname;
const dist = resolve(here, "../dist");
// Takes the place of what was there only when it is whole.
const out = `${dist}.new`;
const templates = resolve(here, "../../../templates");
const modules = resolve(here, "node_modules");
const manifest = {};

function files(folder, extension) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith(extension) && !path.includes("node_modules") && statSync(path).isFile())
    .sort();
}

function emit(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("base64url").replace(/[-_]/g, "").slice(0, 10);
  const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`;
  writeFileSync(join(out, hashed), bytes);
  if (/\.(css|js|svg|json)$/.test(name)) {
    const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(out, `${hashed}.br`), brotliCompressSync(bytes, { params: quality }));
    writeFileSync(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  }
  manifest[name] = hashed;
  return hashed;
}

/** Fonts: the subsets by script, so that a page in English never loads Lao. */
function fonts() {
  const faces = [];
  const family = (name, folder, subsets, weights) => {
    const ranges = JSON.parse(readFileSync(join(modules, "@fontsource", folder, "unicode.json"), "utf8"));
    for (const weight of weights) {
      for (const subset of subsets) {
        const file = `${folder}-${subset}-${weight}`;
        const bytes = readFileSync(join(modules, "@fontsource", folder, "files", `${file}-normal.woff2`));
        const hashed = emit(`${file}.woff2`, bytes);
        faces.push(
          `@font-face{font-family:"${name}";font-style:normal;font-weight:${weight};font-display:swap;` +
            `src:url(/static/${hashed}) format("woff2");unicode-range:${ranges[subset]}}`,
        );
      }
    }
  };
  family("Be Vietnam Pro", "be-vietnam-pro", ["latin-ext", "latin", "vietnamese"], [400, 600]);
  family("Noto Sans Lao", "noto-sans-lao", ["lao"], [400, 600]);
  return faces.join("\n");
}

/** A sprite of the icons that templates and scripts name, and no others. */
function icons() {
  const named = new Set();
  // A name that comes from data is listed in a comment of the template that shows it: {{!-- icons: home news --}}.
  for (const path of [...files(templates, ".hbs"), ...files(join(here, "src"), ".ts")]) {
    const text = readFileSync(path, "utf8");
    for (const match of text.matchAll(/\bicon[ (]"([a-z0-9-]+)"/g)) named.add(match[1]);
    for (const match of text.matchAll(/\bicons: ([a-z0-9 -]+?) --/g)) match[1].trim().split(/ +/).forEach((name) => named.add(name));
  }
  const symbols = [...named].sort().map((name) => {
    const path = join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
    if (!existsSync(path)) throw new Error(`there is no icon “${name}” among Tabler's`);
    const body = readFileSync(path, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
    const paths = body.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" \/>/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${paths}</symbol>`;
  });
  emit("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function bundle(entry, options) {
  const result = await esbuild.build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    target: ["chrome114", "firefox125", "safari17"],
    logLevel: "warning",
    external: ["/static/*"],
    legalComments: "none",
    ...options,
  });
  return result.outputFiles[0].text;
}

/** Tabler has rules for everything; a page needs those for the classes that occur somewhere. */
async function purge(css) {
  const content = [...files(templates, ".hbs"), ...files(join(here, "src"), ".ts")];
  const [purged] = await new PurgeCSS().purge({
    css: [{ raw: css }],
    content,
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    // The components that pages are made of stay whole, so that a class put together from data (bg-{{tone}}-lt) works.
    safelist: {
      standard: [
        /^(alert|avatar|badge|breadcrumb|btn|card|datagrid|empty|form|input|invalid|list|nav|page|pagination|placeholder|progress|row|col|status|steps|step|table|timeline|hr|divide|space|ribbon|spinner|visually|markdown|legend|chip|tag|link)(-|$)/,
        /^(d|m|mt|mb|ms|me|mx|my|p|pt|pb|ps|pe|px|py|g|gap|w|h|text|fw|fs|bg|border|rounded|align|justify|flex|order|float|position|overflow|opacity|lh|font)-/,
        /^(is-invalid|is-valid|disabled|active|show|was-validated|border|rounded|container.*|lead|small|htmx-.*)$/,
      ],
      greedy: [/data-bs-theme/, /:popover-open/, /::backdrop/],
    },
    variables: true,
    keyframes: true,
  });
  return (await esbuild.transform(purged.css, { loader: "css", minify: true, target: ["chrome123", "firefox120", "safari17.5"] })).code;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const faces = fonts();
icons();
emit("icon.svg", readFileSync(join(here, "icon.svg")));
emit("app.css", faces + (await purge(await bundle("css/app.css", { loader: { ".css": "css" } }))));
emit("app.js", await bundle("src/app.ts", { format: "iife" }));
// Only the page that puts files in loads this.
emit("uploads.js", await bundle("src/uploads.ts", { format: "iife" }));
// Only the calendar's page loads these: a grid is as large as everything else together.
emit("board.js", await bundle("src/board.ts", { format: "iife" }));
emit("board.css", await bundle("css/board.css", { loader: { ".css": "css" } }));
// The press room's own style stands alone: no Tabler, no script, no fonts.
for (const path of files(join(here, "press"), ".svg")) emit(basename(path), readFileSync(path));
for (const path of files(join(here, "press"), ".css")) emit(basename(path), await bundle(`press/${basename(path)}`, {}));
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 2));
rmSync(dist, { recursive: true, force: true });
renameSync(out, dist);

const size = (name) => {
  const path = join(dist, `${manifest[name]}.br`);
  return `${name} ${(statSync(existsSync(path) ? path : join(dist, manifest[name])).size / 1024).toFixed(1)} kB`;
};
console.log(["app.css", "app.js", "uploads.js", "board.css", "board.js", "icons.svg", ...(manifest["press.css"] ? ["press.css"] : [])].map(size).join(" · "));
