// The way of a picture: a contributor puts it in over a line that breaks, a steward publishes it, an attaché uses it, the
// public sees it; then the library takes it back, and what waits with it is held.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, combinations, named, publish, stage, startProduct } from "./harness.js";
import { attach, contributor, head, steward, wallIn } from "./people.js";
import { startS3 } from "./s3.js";

const on = stage(async () => {
  const s3 = await startS3();
  const bucket = await startProduct(["--demo"], s3.environment);
  const stop = async () => {
    await bucket.stop();
    await s3.stop();
  };
  return { bucket, stop };
});

const everywhere = [
  ...combinations.map((as) => ({ ...as, kept: "in a folder" })),
  { language: "vi", size: "phone", colours: "dark", kept: "in a bucket" },
];

test("a picture goes from a contributor to the public, and is taken back", { concurrency: true }, async (t) => {
  await Promise.all(everywhere.map((as) => t.test(named(as), () => journey(as))));
});

async function journey(as) {
  const product = as.kept === "in a bucket" ? on.bucket : on.product;
  const { say, name, look, enter, leave } = cast({ ...on, product }, as, "library");
  const title = `Cổng chùa Thạt Luổng (${name})`;

  const giver = await enter(contributor);
  await giver.page.goto(`${product.address}/assets`);
  await look(giver.page, "library");
  const asset = await putIn(product, giver.page, title, name);
  await look(giver.page, "put-in");
  await giver.page.goto(`${product.address}${asset}/edit`);
  await giver.page.locator("#title-vi").fill(title);
  await giver.page.locator("#alt-vi").fill("Cổng chùa dưới nắng sớm");
  await giver.page.locator("#credit").fill("Trung tâm Tư liệu ảnh");
  await look(giver.page, "describe");
  await giver.page.getByRole("button", { name: say("assets-save-and-submit") }).click();
  await giver.page.getByText(say("assets-waits")).waitFor();

  const keeper = await enter(steward);
  await keeper.page.goto(`${product.address}/assets/review`);
  await keeper.page.getByText(title).first().waitFor();
  await look(keeper.page, "review");
  await publish(product, keeper.page, say, asset);
  await look(keeper.page, "published");

  const writer = await enter(attach);
  const soon = await write(product, writer.page, as, say, `${title}: hôm nay`, wallIn("Asia/Vientiane", 3), title, look);
  const later = await write(product, writer.page, as, say, `${title}: ngày mai`, wallIn("Asia/Vientiane", 24 * 60), title);
  const ambassador = await enter(head);
  for (const item of [soon, later]) {
    await ambassador.page.goto(`${product.address}/approvals/${item.split("/").pop()}`);
    await ambassador.page.getByRole("button", { name: say("approvals-approve") }).click();
    await ambassador.page.locator("#confirm-dialog [data-confirm-go]").click();
    await ambassador.page.locator(".shell-flash", { hasText: say("approvals-approved") }).waitFor();
  }

  await writer.page.goto(`${product.address}${soon}`);
  const link = writer.page.locator("#item-state").getByRole("link", { name: say("items-see-it") });
  await link.waitFor({ timeout: 240_000 });
  const release = new URL(await link.getAttribute("href"), product.address).href;
  const reader = await enter();
  await reader.page.goto(release);
  const shown = reader.page.getByRole("img", { name: "Cổng chùa dưới nắng sớm" });
  await shown.waitFor();
  assert.ok(await shown.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), "the picture is served");
  await look(reader.page, "press-release");

  await keeper.page.locator("#reason").fill("Sai chú thích địa điểm");
  await keeper.page.getByRole("button", { name: say("assets-withdraw") }).click();
  await keeper.page.getByText("Sai chú thích địa điểm").first().waitFor();
  await writer.page.goto(`${product.address}${later}`);
  await writer.page.locator("#item-state").getByText(say("item-says-changes_requested")).waitFor({ timeout: 60_000 });
  await look(writer.page, "held");
  await reader.page.reload();
  await reader.page.getByRole("heading", { name: `${title}: hôm nay` }).waitFor();
  assert.equal(await shown.count(), 0, "the press room no longer shows it");

  // The browser notes the line that was broken on purpose.
  await leave((text) => text.includes("net::ERR_CONNECTION_RESET"));
}

/** Uploads a picture that nobody has yet, over a line that breaks once; answers the address of its asset. */
async function putIn(product, page, title, name) {
  const file = await page.screenshot({ type: "png" });
  // The first request arrives without its bytes, the second not at all.
  let pieces = 0;
  await page.route("**/api/v1/assets/uploads", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    return route.fulfill({ response: await route.fetch({ postData: Buffer.alloc(0) }) });
  });
  await page.route("**/api/v1/assets/uploads/*", (route) => {
    if (route.request().method() === "PATCH" && pieces++ === 0) return route.abort("connectionreset");
    return route.continue();
  });
  await page.goto(`${product.address}/assets/uploads`);
  await page.locator("#files").setInputFiles({ name: `${name}.png`, mimeType: "image/png", buffer: file });
  const link = page.locator('#uploads-lines [data-state="done"]', { hasText: `${name}.png` }).getByRole("link");
  await link.waitFor({ timeout: 60_000 });
  assert.ok(pieces > 1, "the line broke and the upload went on");
  const asset = new URL(await link.getAttribute("href"), product.address).pathname;
  await page.goto(`${product.address}${asset}`);
  await page.locator(`.asset-preview img`).waitFor({ timeout: 60_000 });
  return asset;
}

/** Writes a statement with the picture and submits it; answers its address. */
async function write(product, page, as, say, headline, wall, title, look) {
  await page.goto(`${product.address}/items/new`);
  await page.getByRole("button", { name: say("item-kind-statement") }).click();
  await page.waitForURL(/\/items\/[^/]+\/edit$/);
  const item = new URL(page.url()).pathname.replace(/\/edit$/, "");
  await page.locator("#title").fill(headline);
  await page.locator("#body").fill("Lễ hội mở cửa đón khách từ 6 giờ sáng.");
  await page.locator("#wall").fill(wall);
  await page.locator("#scope-select").selectOption("public");
  await page.getByRole("button", { name: say("images-library") }).click();
  await page.locator("#picker-body").getByText(title).first().waitFor();
  await look?.(page, "picker");
  await page.locator("#picker-body [data-asset]", { hasText: title }).first().click();
  await page.locator("#image-list .image-row").waitFor();
  const alt = page.locator("#image-list textarea").first();
  if ((await alt.inputValue()) === "") await alt.fill("Cổng chùa dưới nắng sớm");
  await page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await look?.(page, "composer");
  await page.getByRole("button", { name: say("items-submit") }).click();
  await page.waitForURL(new RegExp(`${item}$`));
  return item;
}
