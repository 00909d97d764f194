// What comes beside an asset: a contributor puts captions beside a film and a consent beside a picture, a steward replaces
// the picture, the earlier one is kept, and the attaché who used it is told.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, combinations, film, named, publish, putIn, stage } from "./harness.js";
import { attach, contributor, steward } from "./people.js";

const on = stage();

test("files come beside an asset, and whoever uses it is told of a better one", { concurrency: true }, async (t) => {
  await Promise.all(combinations.map((as) => t.test(named(as), () => journey(as))));
});

async function journey(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "parts");
  const title = `Bến thuyền sông Mê Công (${name})`;

  const giver = await enter(contributor);
  const image = await giver.page.screenshot({ type: "png" });
  await putIn(product, giver.page, { name: `${name}.mp4`, mimeType: "video/mp4", buffer: film(2, "320x240") });
  await add(giver.page, say, "captions", { language: "lo", file: { name: "phụ đề.srt", mimeType: "text/plain", buffer: captions } });
  const row = giver.page.locator("#asset-files li", { hasText: say("language-lo") });
  await row.getByRole("heading", { name: say("asset-role-captions") }).waitFor();
  await look(giver.page, "captions");
  // A picture is no caption, and the page says so.
  await add(giver.page, say, "captions", { language: "vi", file: { name: "ảnh.png", mimeType: "image/png", buffer: image } });
  await giver.page.locator("#asset-files").getByText(say("parts-refused-captions")).waitFor({ timeout: 60_000 });
  await look(giver.page, "refused");
  // Captions of another film: removed with a reason, and brought back.
  await row.locator("summary").click();
  await row.getByLabel(say("parts-remove-why")).fill("Phụ đề của phim khác");
  await look(giver.page, "removing");
  await row.getByRole("button", { name: say("parts-remove-do") }).click();
  await giver.page.getByText(say("parts-removed")).first().waitFor();
  await giver.page.locator("#asset-files > details > summary").click();
  await giver.page.getByText("Phụ đề của phim khác").waitFor();
  await look(giver.page, "removed");
  await giver.page.getByRole("button", { name: say("parts-bring-back-do") }).click();
  await giver.page.getByText(say("parts-brought-back")).first().waitFor();
  await row.getByRole("heading", { name: say("asset-role-captions") }).waitFor();

  // On a phone by the camera's own input.
  const camera = as.size === "phone" ? "#camera" : "#files";
  const asset = await putIn(product, giver.page, { name: `${name}.png`, mimeType: "image/png", buffer: image }, camera);
  await add(giver.page, say, "consent", { file: { name: "đồng ý.png", mimeType: "image/png", buffer: image } });
  await giver.page.locator("#asset-files").getByText(say("parts-consent-kept")).waitFor();
  await giver.page.goto(`${product.address}${asset}/edit`);
  await giver.page.locator("#title-vi").fill(title);
  await giver.page.locator("#alt-vi").fill("Thuyền đậu ở bến lúc hoàng hôn");
  await giver.page.locator("#country").selectOption("LA");
  await look(giver.page, "describe");
  await giver.page.getByRole("button", { name: say("assets-save-and-submit") }).click();
  await giver.page.getByText(say("assets-waits")).waitFor();

  const keeper = await enter(steward);
  await keeper.page.goto(`${product.address}/assets/review`);
  await keeper.page.getByText(title).first().waitFor();
  await look(keeper.page, "review");
  await keeper.page.goto(`${product.address}${asset}`);
  await keeper.page.getByRole("button", { name: say("parts-consent-set") }).click();
  await keeper.page.getByText(say("parts-consent-given")).waitFor();
  assert.equal(await keeper.page.getByRole("button", { name: say("parts-consent-set") }).count(), 0);
  await keeper.page.goto(`${product.address}${asset}/edit`);
  await keeper.page.locator("#licence").selectOption("owned");
  await keeper.page.locator("#territory_add").fill(say("country-LA"));
  await keeper.page.locator("#territory_add").press("Enter");
  await keeper.page.locator("[data-chosen=territory] label", { hasText: say("country-LA") }).waitFor();
  await look(keeper.page, "rights");
  await keeper.page.getByRole("button", { name: say("assets-save"), exact: true }).click();
  await keeper.page.getByRole("button", { name: say("assets-publish") }).click();
  await keeper.page.getByRole("button", { name: say("assets-withdraw") }).waitFor();

  const writer = await enter(attach);
  const item = await draftWith(product, writer.page, say, title);

  const better = await keeper.page.screenshot({ type: "png" });
  await add(keeper.page, say, "original", { file: { name: "rõ hơn.png", mimeType: "image/png", buffer: better } });
  const version = say("parts-version").replace("{ $version }", "2");
  await keeper.page.locator("#asset-files > .asset-files li", { hasText: say("asset-role-original") }).getByText(version).waitFor({ timeout: 60_000 });
  await keeper.page.locator("#asset-files > details > summary").click();
  await keeper.page.getByRole("button", { name: say("parts-put-back-do") }).first().waitFor();
  await look(keeper.page, "replaced");

  await writer.page.goto(`${product.address}${item}`);
  await writer.page.getByText(say("timeline-asset_replaced")).first().waitFor({ timeout: 60_000 });
  const told = say("notice-item-asset-replaced").replace("{ $title }", `${title}: tin`);
  await seen(writer.page, `${product.address}/notifications`, told);
  await look(writer.page, "told");

  for (const [path, what] of [
    ["/assets?lacking=on", "lacking"],
    ["/assets/ending", "ending"],
    ["/assets/uploads", "uploads"],
  ]) {
    await keeper.page.goto(`${product.address}${path}`);
    await look(keeper.page, what);
  }
  await leave();
}

const captions = Buffer.from("1\n00:00:00,500 --> 00:00:01,500\nສະບາຍດີ\n");

/** Puts a file beside the asset whose page is open. */
async function add(page, say, role, { language, file }) {
  const form = page.locator("#uploads");
  if (!(await form.isVisible())) await page.getByText(say("parts-put-in"), { exact: true }).click();
  await page.locator("#part-role").selectOption(role);
  if (language) await page.locator("#part-language").selectOption(language);
  await page.locator("#part-files").setInputFiles(file);
  await page.locator("#uploads-list [data-state=done]", { hasText: file.name }).first().waitFor({ timeout: 60_000 });
}

/** Writes a draft with the picture; answers its address. */
async function draftWith(product, page, say, title) {
  await page.goto(`${product.address}/items/new`);
  await page.getByRole("button", { name: say("item-kind-statement") }).click();
  await page.waitForURL(/\/items\/[^/]+\/edit$/);
  const item = new URL(page.url()).pathname.replace(/\/edit$/, "");
  await page.locator("#title").fill(`${title}: tin`);
  await page.getByRole("button", { name: say("images-library") }).click();
  await page.locator("#picker-body [data-asset]", { hasText: title }).first().click();
  await page.locator("#image-list .image-row").waitFor();
  // It saves itself, title and all, a moment after the last letter.
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/draft") && answer.ok());
  await page.locator("#body").fill("Thuyền lại chạy từ hôm nay.");
  await saved;
  return item;
}

/** Asks again until a page says it: a notice comes when a job has brought it. */
async function seen(page, address, sentence) {
  const found = page.getByText(sentence).first();
  for (let tries = 0; tries < 100; tries += 1) {
    await page.goto(address);
    if ((await found.count()) > 0) return;
  }
  await found.waitFor();
}
