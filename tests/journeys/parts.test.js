// What comes beside an asset: a contributor puts captions beside a film and a consent beside a picture, a steward replaces
// the picture, the earlier one is kept, and the attaché who used it is told.

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
  const file = join(folder, "film.mp4");
  execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:duration=2", "-c:v", "libx264", "-pix_fmt", "yuv420p", file]);
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

test("files come beside an asset, and whoever uses it is told of a better one", { concurrency: true }, async (t) => {
  await Promise.all(combinations.map((as) => t.test(`${as.language} on a ${as.size}, ${as.colours}`, () => journey(as))));
});

async function journey(as) {
  const say = words(as.language);
  const name = `${as.language}-${as.size}-${as.colours}`;
  const title = `Bến thuyền sông Mê Công (${name})`;
  const look = async (page, what) => {
    await picture(page, `parts-${name}-${what}`);
    await checkAccessibility(page, `${what} (${name})`);
    await checkFits(page, `${what} (${name})`);
  };
  const enter = async (person) => {
    const visitor = await openPage(browser, as);
    await signIn(visitor.page, person, say, `${product.address}/demo?lang=${as.language}`);
    return visitor;
  };

  const giver = await enter(contributor);
  const image = await giver.page.screenshot({ type: "png" });
  const filmed = await putIn(giver.page, as, `${name}.mp4`, "video/mp4", film);
  await giver.page.goto(`${product.address}${filmed}`);
  await add(giver.page, say, "captions", { language: "lo", file: { name: "phụ đề.srt", mimeType: "text/plain", buffer: captions } });
  const row = giver.page.locator("#asset-files li", { hasText: say("asset-role-captions") });
  await row.getByText(say("language-lo")).waitFor();
  await look(giver.page, "captions");
  // A picture is no caption, and the page says so.
  await add(giver.page, say, "captions", { language: "vi", file: { name: "ảnh.png", mimeType: "image/png", buffer: image } });
  await giver.page.locator("#asset-files").getByText(say("parts-refused-captions")).waitFor({ timeout: 60_000 });
  await look(giver.page, "refused");

  const asset = await putIn(giver.page, as, `${name}.png`, "image/png", image);
  await giver.page.goto(`${product.address}${asset}`);
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
  const item = await draftWith(writer.page, say, title);

  const better = await keeper.page.screenshot({ type: "png" });
  await add(keeper.page, say, "original", { file: { name: "rõ hơn.png", mimeType: "image/png", buffer: better } });
  const version = say("parts-version").replace("{ $version }", "2");
  await keeper.page.locator("#asset-files > .asset-files li", { hasText: say("asset-role-original") }).getByText(version).waitFor({ timeout: 60_000 });
  await keeper.page.locator("#asset-files details summary").click();
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
  for (const { context, complaints } of [giver, keeper, writer]) {
    // Of a film no still is made yet.
    assert.deepEqual(complaints.filter((text) => !text.includes("404 (Not Found)")), []);
    await context.close();
  }
}

const captions = Buffer.from("1\n00:00:00,500 --> 00:00:01,500\nສະບາຍດີ\n");

/** Puts a file in, on a phone by the camera's own input; answers the address of its asset once it was looked into. */
async function putIn(page, as, name, mimeType, buffer) {
  await page.goto(`${product.address}/assets/uploads`);
  const input = as.size === "phone" && mimeType.startsWith("image/") ? "#camera" : "#files";
  await page.locator(input).setInputFiles({ name, mimeType, buffer });
  const link = page.locator('#uploads-lines [data-state="done"]', { hasText: name }).getByRole("link");
  await link.waitFor({ timeout: 60_000 });
  const asset = new URL(await link.getAttribute("href"), product.address).pathname;
  await page.goto(`${product.address}${asset}`);
  await page.locator("#asset-files [data-state=ready]").first().waitFor({ timeout: 120_000 });
  return asset;
}

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
async function draftWith(page, say, title) {
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
