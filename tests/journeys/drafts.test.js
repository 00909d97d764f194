// Nothing that somebody has written is lost: not when the line drops, the page is closed, the session ends during a
// long edit, or two people write at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { openPage, startBrowser, startProduct } from "./harness.js";
import { attach, head, signIn } from "./people.js";
import { words } from "./words.js";

const say = words("vi");
let product;
let browser;

before(async () => {
  product = await startProduct();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Waits until autosave says so. */
const says = (page, state) => page.locator(`[data-autosave-status][data-state="${state}"]`).waitFor();

async function writing(title) {
  const writer = await openPage(browser, { language: "vi" });
  await signIn(writer.page, attach, say, `${product.address}/demo?lang=vi`);
  await writer.page.goto(`${product.address}/items/new`);
  await writer.page.getByRole("button", { name: say("item-kind-statement") }).click();
  await writer.page.waitForURL(/\/items\/[^/]+\/edit$/);
  await writer.page.locator("#title").fill(title);
  await says(writer.page, "saved");
  return { ...writer, address: writer.page.url() };
}

async function text(page, address) {
  await page.goto(address);
  return page.locator("#body").inputValue();
}

test("a line that drops keeps the text and saves it when it is back", async () => {
  const { page, context, address } = await writing("Đường truyền yếu");
  await context.setOffline(true);
  await page.locator("#body").fill("Viết khi không có mạng.");
  await says(page, "offline");
  await context.setOffline(false);
  await says(page, "saved");
  assert.equal(await text(page, address), "Viết khi không có mạng.");
  await context.close();
});

test("a page that was closed too early gives the text back", async () => {
  const { page, context, address } = await writing("Đóng trang");
  await context.setOffline(true);
  await page.locator("#body").fill("Chưa kịp lưu.");
  await says(page, "offline");
  await page.close();
  await context.setOffline(false);
  const again = await context.newPage();
  assert.equal(await text(again, address), "Chưa kịp lưu.");
  await again.locator(".autosave-offer").waitFor();
  await says(again, "saved");
  await context.close();
});

test("a session that ends during a long edit is renewed beside the page", async () => {
  const { page, context, address } = await writing("Phiên kết thúc");
  await context.clearCookies({ name: "chancery" });
  await page.locator("#body").fill("Đoạn văn dài viết trong lúc phiên hết hạn.");
  const dialog = page.locator("#session-dialog");
  await dialog.waitFor();
  assert.equal(page.url(), address, "the page stays");
  const [second] = await Promise.all([
    context.waitForEvent("page"),
    dialog.getByRole("link", { name: say("session-ended-sign-in") }).click(),
  ]);
  await second.getByRole("button", { name: say("demo-as-name").replace("{ $name }", attach) }).click();
  await second.waitForURL(/\/session\/renewed$/);
  await second.close();
  await dialog.waitFor({ state: "hidden" });
  await says(page, "saved");
  assert.equal(await text(page, address), "Đoạn văn dài viết trong lúc phiên hết hạn.");
  await context.close();
});

test("two people write at once: the second is told, and neither text is lost", async () => {
  const { page, context, address } = await writing("Hai người cùng soạn");
  const other = await openPage(browser, { language: "vi" });
  await signIn(other.page, head, say, `${product.address}/demo?lang=vi`);
  await other.page.goto(address);
  await other.page.locator("#body").fill("Bản của Đại sứ.");
  await says(other.page, "saved");

  await page.locator("#body").fill("Bản của tùy viên.");
  await says(page, "conflict");
  await page.locator(".autosave-offer").getByText(head).waitFor();
  assert.equal(await text(other.page, address), "Bản của Đại sứ.", "nothing was overwritten");
  assert.equal(await page.locator("#body").inputValue(), "Bản của tùy viên.", "nothing was taken away");

  await page.getByRole("button", { name: say("autosave-save-mine") }).click();
  await says(page, "saved");
  assert.equal(await text(other.page, address), "Bản của tùy viên.");
  await context.close();
  await other.context.close();
});
