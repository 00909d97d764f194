// What an attaché makes of a picture and of a film: a frame drawn with the keyboard, a line of words, a film for a poor
// line that plays on the page, and the pack for a translator.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, combinations, film, named, publish, putIn, stage } from "./harness.js";
import { attach, contributor, steward } from "./people.js";

const on = stage();

test("a picture and a film are adapted", { concurrency: true }, async (t) => {
  await Promise.all(combinations.map((as) => t.test(named(as), () => journey(as))));
});

async function journey(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "adapt");

  const giver = await enter(contributor);
  const still = await putIn(product, giver.page, { name: `${name}.png`, mimeType: "image/png", buffer: await giver.page.screenshot({ type: "png" }) });
  const moving = await putIn(product, giver.page, { name: `${name}.mp4`, mimeType: "video/mp4", buffer: film() });
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
    await keeper.page.getByRole("button", { name: say("assets-save"), exact: true }).click();
    await publish(product, keeper.page, say, asset);
  }

  const { page } = await enter(attach);
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
  // A picture of the film: of another second, cut by hand.
  const poster = page.locator("form", { has: page.locator("[data-crop]") });
  const [second] = await Promise.all([
    page.waitForResponse((answer) => answer.url().includes("/still?second=2")),
    poster.locator("#second").fill("2").then(() => poster.locator("#second").press("Tab")),
  ]);
  assert.equal(second.status(), 200);
  await poster.locator("#purpose").selectOption("square");
  await poster.locator("[data-crop-frame]").focus();
  for (let i = 0; i < 10; i++) await page.keyboard.press("Shift+ArrowLeft");
  await look(page, "poster");
  await poster.getByRole("button", { name: say("renditions-order") }).click();
  await page.locator('#renditions [data-state="ready"] img').first().waitFor({ timeout: 60_000 });
  await page.locator("#film-purpose").selectOption("film_small");
  await page.locator("form", { has: page.locator("#film-purpose") }).getByRole("button", { name: say("renditions-order") }).click();
  await page.locator('#renditions [data-state="ready"]').first().waitFor({ timeout: 120_000 });
  await look(page, "film-made");

  await leave();
}
