// What an attaché makes of a picture and of a film: a frame drawn with the keyboard, a line of words, a film for a poor
// line that plays on the page, and the pack for a translator.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { checkAccessibility, checkFits, openPage, picture, startBrowser, startProduct } from "./harness.js";
import { attach, contributor, signIn, steward } from "./people.js";
import { words } from "./words.js";

let product;
let browser;
let film;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), "chancery-film-"));
  const file = join(folder, "card.mp4");
  const inputs = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=3", "-f", "lavfi", "-i", "sine=frequency=440:duration=3"];
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", ...inputs, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", file]);
  film = readFileSync(file);
  rmSync(folder, { recursive: true });
  product = await startProduct();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

const combinations = [
  { language: "vi", size: "desktop", colours: "light" },
  { language: "en", size: "phone", colours: "dark" },
];

test("a picture and a film are adapted", { concurrency: true }, async (t) => {
  await Promise.all(combinations.map((as) => t.test(`${as.language} on a ${as.size}, ${as.colours}`, () => journey(as))));
});

async function journey(as) {
  const say = words(as.language);
  const name = `${as.language}-${as.size}-${as.colours}`;
  const look = async (page, what) => {
    await picture(page, `adapt-${name}-${what}`);
    await checkAccessibility(page, `${what} (${name})`);
    await checkFits(page, `${what} (${name})`);
  };
  const enter = async (person) => {
    const visitor = await openPage(browser, as);
    await signIn(visitor.page, person, say, `${product.address}/demo?lang=${as.language}`);
    return visitor;
  };

  const giver = await enter(contributor);
  const still = await put(giver.page, `${name}.png`, "image/png", await giver.page.screenshot({ type: "png" }));
  const moving = await put(giver.page, `${name}.mp4`, "video/mp4", film);
  const keeper = await enter(steward);
  for (const [asset, title] of [[still, `Ảnh ${name}`], [moving, `Phim ${name}`]]) {
    await keeper.page.goto(`${product.address}${asset}/edit`);
    await keeper.page.locator("#title-vi, #new_language").first().waitFor();
    if ((await keeper.page.locator("#title-vi").count()) === 0) {
      await keeper.page.locator("#new_language").fill("vi");
      await keeper.page.getByRole("button", { name: say("assets-save"), exact: true }).click();
      await keeper.page.goto(`${product.address}${asset}/edit`);
    }
    await keeper.page.locator("#title-vi").fill(title);
    await keeper.page.locator("#licence").selectOption("owned");
    await keeper.page.getByRole("button", { name: say("assets-save"), exact: true }).click();
    await keeper.page.getByRole("button", { name: say("assets-publish") }).click();
    await keeper.page.getByRole("button", { name: say("assets-withdraw") }).waitFor();
  }

  const { page, context, complaints } = await enter(attach);
  await page.goto(`${product.address}${still}`);
  await page.getByRole("link", { name: say("renditions-adapt"), exact: true }).click();
  const frame = page.locator("[data-crop-frame]");
  await frame.waitFor();
  await page.locator("#purpose").selectOption("square");
  await look(page, "picture");
  // The frame by keyboard alone: smaller, then to the right.
  await frame.focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press("Shift+ArrowLeft");
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  assert.ok(await page.locator('input[name="frame"][value="drawn"]').isChecked(), "the frame is drawn by hand now");
  const drawn = await page.evaluate(() =>
    ["left", "top", "width", "height"].map((side) => Number(document.querySelector(`#${side}`)?.value)),
  );
  assert.ok(drawn[2] > 5 && drawn[2] < 100 && drawn[0] + drawn[2] <= 100.1, `the numbers follow: ${drawn}`);
  assert.match(await page.locator("[data-crop-says]").textContent(), /\d+/);
  await page.locator("#mark").selectOption("words");
  await look(page, "drawn");
  await page.locator("form", { has: page.locator("[data-crop]") }).getByRole("button", { name: say("renditions-order") }).click();
  await page.locator('#renditions [data-state="ready"]').first().waitFor({ timeout: 60_000 });
  const shown = page.locator("#renditions img").first();
  const [width, height] = await shown.evaluate((image) => image.decode().then(() => [image.naturalWidth, image.naturalHeight]));
  assert.ok(Math.abs(width - height) <= 2, `a square: ${width} × ${height}`);
  await look(page, "made");
  await page.locator("#channel").selectOption("press_room");
  const [taken] = await Promise.all([page.waitForEvent("download"), page.locator("#renditions button").first().click()]);
  assert.match(taken.suggestedFilename(), /square/);
  const [pack] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: say("renditions-translation-get") }).click(),
  ]);
  assert.match(pack.suggestedFilename(), /\.zip$/);

  await page.goto(`${product.address}${moving}`);
  await page.locator("video").waitFor({ timeout: 120_000 });
  await look(page, "film");
  const seconds = await page.locator("video").evaluate(
    (video) =>
      new Promise((resolve, reject) => {
        video.addEventListener("loadedmetadata", () => resolve(video.duration));
        video.addEventListener("error", () => reject(video.error));
        video.preload = "metadata";
        video.load();
      }),
  );
  assert.ok(Math.abs(seconds - 3) < 0.2, `the film plays for ${seconds} s`);
  await page.goto(`${product.address}${moving}/adapt`);
  await page.locator("#film-purpose").selectOption("film_small");
  await page.locator("form", { has: page.locator("#film-purpose") }).getByRole("button", { name: say("renditions-order") }).click();
  await page.locator('#renditions [data-state="ready"]').first().waitFor({ timeout: 120_000 });
  await look(page, "film-made");

  for (const visitor of [giver, keeper, { context, complaints }]) {
    assert.deepEqual(visitor.complaints, []);
    await visitor.context.close();
  }
}

/** Puts one file in and waits until somebody has looked inside; answers the address of its asset. */
async function put(page, name, mimeType, buffer) {
  await page.goto(`${product.address}/assets/uploads`);
  await page.locator("#files").setInputFiles({ name, mimeType, buffer });
  const link = page.locator('#uploads-lines [data-state="done"]', { hasText: name }).getByRole("link");
  await link.waitFor({ timeout: 60_000 });
  const asset = new URL(await link.getAttribute("href"), product.address).pathname;
  await page.goto(`${product.address}${asset}`);
  await page.locator(".asset-preview img, .asset-preview video").first().waitFor({ timeout: 60_000 });
  return asset;
}
