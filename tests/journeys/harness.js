// Starts the product as its user would and drives it with Debian's Chromium.
//
// Each journey runs against one running `chancery up --demo` with a data folder of its own. Nothing here sleeps for a
// guessed time: every wait is for something that a person would see.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

import { signIn } from "./people.js";
import { words } from "./words.js";

const here = dirname(fileURLToPath(import.meta.url));
const binary = process.env.JOURNEY_BINARY ?? join(here, "../../target/debug/chancery");
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

async function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the product; answers its address and how to stop it. `flags` are those of `chancery up`. */
export async function startProduct(flags = ["--demo"], environment = {}) {
  if (!existsSync(binary)) throw new Error(`no ${binary}: run \`cargo build -p chancery\``);
  // A fixed short path: the database's socket must fit in 107 bytes.
  const data = mkdtempSync(join(tmpdir(), "chancery-j-"));
  const port = await freePort();
  const child = spawn(binary, ["up", ...flags], {
    env: { ...process.env, DATABASE_URL: undefined, CHANCERY_DATA: data, CHANCERY_WEB__LISTEN: `127.0.0.1:${port}`, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      log = (log + text).slice(-20_000);
    });
  }
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const address = `http://localhost:${port}`;
  await ready(address, child, () => log);
  return {
    address,
    child,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function ready(address, child, log) {
  const deadline = Date.now() + 600_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`chancery ended with ${child.exitCode}:\n${log()}`);
    const answer = await fetch(`${address}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`chancery did not answer in time:\n${log()}`);
}

/** Starts the browser. */
export async function startBrowser() {
  if (!existsSync(browserPath)) throw new Error(`no ${browserPath}: run \`apt-get install chromium\``);
  return chromium.launch({
    executablePath: browserPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-dev-shm-usage",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Opens a page as somebody with this language, screen and colour scheme. It fails the journey on what a user would
 * report: an error in the console, a refused resource, a server error.
 */
export async function openPage(browser, { language = "en", size = "desktop", colours = "light" } = {}) {
  const context = await browser.newContext({
    locale: language === "vi" ? "vi-VN" : "en-GB",
    viewport: sizes[size],
    isMobile: size === "phone",
    hasTouch: size === "phone",
    colorScheme: colours,
    timezoneId: "Asia/Vientiane",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // axe puts an empty style into the page, which our policy refuses; that is the hash of nothing.
    const ofAxe = message.text().includes("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    if (message.type() === "error" && !ofAxe) complaints.push(`console: ${message.text()} ${message.location().url}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
  });
  return { page, context, complaints };
}

/** Fails on any violation of WCAG 2.2 A and AA that axe can see. */
export async function checkAccessibility(page, name) {
  // What the head of a page half covers would be measured as too small to touch.
  await page.evaluate(() => window.scrollTo(0, 0));
  // Colours that are still fading would be measured half-way.
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const found = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const words = found.violations.map(
    (violation) => `${violation.id}: ${violation.help}\n  ${violation.nodes.map((node) => node.html).join("\n  ")}`,
  );
  if (words.length > 0) throw new Error(`${name} is not accessible:\n${words.join("\n")}`);
}

/** Fails when the page is wider than its screen: on a phone nothing may scroll sideways. */
export async function checkFits(page, name) {
  const [content, screen] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  if (content > screen) throw new Error(`${name} is ${content - screen} pixels wider than the screen`);
}

/** Keeps a picture for people to look at, when SCREENSHOTS names a folder. */
export async function picture(page, name) {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** How journeys of the library are seen: both languages, a large and a small screen, light and dark. */
export const combinations = [
  { language: "vi", size: "desktop", colours: "light" },
  { language: "en", size: "phone", colours: "dark" },
];

/** The name of a combination, for sentences and pictures. */
export const named = (as) => [`${as.language} on a ${as.size}`, as.colours, ...(as.kept ? [as.kept] : [])].join(", ");

/** Starts what a file's journeys need before them and stops it after: the product, the browser, and whatever `more` adds. */
export function stage(more = async () => ({})) {
  const on = {};
  before(async () => {
    Object.assign(on, await more());
    const [product, browser] = await Promise.all([on.product ?? startProduct(), startBrowser()]);
    Object.assign(on, { product, browser });
  });
  after(async () => {
    await on.browser?.close();
    await on.product?.stop();
    await on.stop?.();
  });
  return on;
}

/** The people of one journey: how they enter, how what they see is looked at, and what they say in their language. */
export function cast({ browser, product }, as, journey) {
  const say = words(as.language);
  const name = [as.language, as.size, as.colours, ...(as.kept ? [as.kept.split(" ").pop()] : [])].join("-");
  const inside = [];
  return {
    say,
    name,
    /** Keeps a picture, and checks that everybody can use the page and that it fits. */
    async look(page, what) {
      await picture(page, `${journey}-${name}-${what}`);
      await checkAccessibility(page, `${what} (${name})`);
      await checkFits(page, `${what} (${name})`);
    },
    /** Somebody opens a browser, maybe `otherwise` than the rest; a person of the demonstration signs in. */
    async enter(person, otherwise = {}) {
      const visitor = await openPage(browser, { ...as, ...otherwise });
      inside.push(visitor);
      if (person) await signIn(visitor.page, person, say, `${product.address}/demo?lang=${as.language}`);
      return visitor;
    },
    /** Everybody leaves; nobody may have seen what a user would report, but for what the journey provoked itself. */
    async leave(provoked = () => false) {
      for (const { context, complaints } of inside) {
        const left = complaints.filter((text) => !provoked(text));
        if (left.length > 0) throw new Error(`${name} saw:\n${left.join("\n")}`);
        await context.close();
      }
    },
  };
}

/** A film of a test card and a tone, as bytes. */
export function film(seconds = 3, size = "640x360") {
  const folder = mkdtempSync(join(tmpdir(), "chancery-film-"));
  const file = join(folder, "card.mp4");
  const inputs = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=25:duration=${seconds}`, "-f", "lavfi", "-i", `sine=frequency=440:duration=${seconds}`];
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...inputs, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", file]);
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}

/**
 * Puts one file in, by the input that `input` names, and waits until somebody has looked inside; answers the address of its
 * asset, whose page is open then.
 */
export async function putIn({ address }, page, { name, mimeType, buffer }, input = "#files") {
  await page.goto(`${address}/assets/uploads`);
  await page.locator(input).setInputFiles({ name, mimeType, buffer });
  const link = page.locator('#uploads-lines [data-state="done"]', { hasText: name }).getByRole("link");
  await link.waitFor({ timeout: 60_000 });
  const asset = new URL(await link.getAttribute("href"), address).pathname;
  await page.goto(`${address}${asset}`);
  await page.locator("#asset-files [data-state=ready]").first().waitFor({ timeout: 120_000 });
  return asset;
}

/** A steward says by which right an asset is used, and publishes it. */
export async function publish({ address }, page, say, asset) {
  await page.goto(`${address}${asset}/edit`);
  await page.locator("#licence").selectOption("owned");
  await page.getByRole("button", { name: say("assets-save"), exact: true }).click();
  await page.getByRole("button", { name: say("assets-publish") }).click();
  await page.getByRole("button", { name: say("assets-withdraw") }).waitFor();
}
