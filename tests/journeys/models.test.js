// Headquarters writes two models and sends them to every mission; in Vientiane the attaché adopts one and puts it in her
// own words, the ambassador adopts the other in one tap on his phone; headquarters' grid shows both without a reload.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkAccessibility, checkFits, openPage, picture, startBrowser, startProduct } from "./harness.js";
import { approver, attach, head, signIn, wallIn } from "./people.js";
import { words } from "./words.js";

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

for (const [language, colours] of [
  ["vi", "light"],
  ["en", "dark"],
]) {
  test(`a model reaches every mission and is answered (${language}, ${colours})`, () => journey(language, colours));
}

async function journey(language, colours) {
  const say = words(language);
  const name = `models-${language}-${colours}`;
  const look = async (page, what) => {
    await picture(page, `${name}-${what}`);
    await checkAccessibility(page, `${what} (${name})`);
    await checkFits(page, `${what} (${name})`);
  };
  const open = async (person, size) => {
    const opened = await openPage(browser, { language, size, colours });
    await signIn(opened.page, person, say, `${product.address}/demo?lang=${language}`);
    return opened;
  };

  const headquarters = await open(approver, "desktop");
  const { page } = headquarters;
  await page.goto(`${product.address}/models`);
  await look(page, "list");
  const adaptable = await write(page, say, `Tuần Văn hóa Việt Nam (${name})`, look);
  await send(page, say, adaptable, look);
  const simple = await write(page, say, `Lời chúc đầu năm (${name})`);
  await send(page, say, simple);
  await page.goto(`${product.address}${adaptable}`);

  const attache = await open(attach, "desktop");
  await attache.page.getByText(say("models-waiting"), { exact: true }).waitFor();
  await look(attache.page, "home");
  await attache.page.goto(`${product.address}/models/received`);
  await look(attache.page, "received");
  await attache.page.getByRole("link", { name: `Tuần Văn hóa Việt Nam (${name})` }).click();
  await attache.page.locator("mark.locked", { hasText: "Tuần Văn hóa Việt Nam" }).first().waitFor();
  await look(attache.page, "at-a-mission");
  await attache.page.getByRole("button", { name: say("models-adapt") }).click();
  await attache.page.waitForURL(/\/items\/[^/]+\/edit$/);
  await attache.page.locator("#body").fill("Tuần Văn hóa Việt Nam khai mạc tại Viêng Chăn.");
  await attache.page.locator('[data-autosave-status][data-state="saved"]').waitFor();

  const ambassador = await open(head, "phone");
  await ambassador.page.goto(`${product.address}/models/received`);
  await look(ambassador.page, "received-on-a-phone");
  await ambassador.page.getByRole("link", { name: `Lời chúc đầu năm (${name})` }).click();
  await ambassador.page.getByRole("button", { name: say("models-adopt-approve") }).waitFor();
  await look(ambassador.page, "one-tap-on-a-phone");
  await ambassador.page.getByRole("button", { name: say("models-adopt-approve") }).click();
  await ambassador.page.locator("#confirm-dialog [data-confirm-go]").click();
  await ambassador.page.waitForURL(/\/items\/[^/]+$/);
  await ambassador.page.locator("#item-state .chain-step", { hasText: head }).first().waitFor();
  await look(ambassador.page, "approved-on-a-phone");

  // The page that headquarters has had open all the while.
  await page.locator(".model-grid [data-progress=adapted]").waitFor();
  await look(page, "grid");
  await page.goto(`${product.address}${simple}`);
  await page.locator(".model-grid :is([data-progress=approved], [data-progress=out])").first().waitFor();

  for (const { context, complaints } of [headquarters, attache, ambassador]) {
    assert.deepEqual(complaints, []);
    await context.close();
  }
}

/** Writes a model in two languages; gives its address. */
async function write(page, say, title, look) {
  await page.goto(`${product.address}/models`);
  await page.getByRole("button", { name: say("models-new") }).click();
  await page.waitForURL(/\/models\/[^/]+\/edit$/);
  const address = new URL(page.url()).pathname.replace(/\/edit$/, "");
  await page.locator("#title").fill(title);
  await page.locator("#guidance").fill("Nhấn mạnh giao lưu nhân dân.");
  await page.locator("#t0-0-title").fill(title);
  await page.locator("#t0-0-body").fill("Tuần Văn hóa Việt Nam bắt đầu.\n\nKính mời bạn bè tham dự.");
  await page.locator("#t0-1-title").fill(`Viet Nam Culture Week ${title}`);
  await page.locator("#t0-1-body").fill("Viet Nam Culture Week begins. Everybody is welcome.");
  await page.locator("#p0-text").fill("Tuần Văn hóa Việt Nam");
  await page.locator("#wall").fill(wallIn("Asia/Vientiane", 3 * 24 * 60));
  if (look) await look(page, "writing");
  await page.getByRole("button", { name: say("models-save-and-look") }).click();
  await page.waitForURL(new RegExp(`${address}$`));
  return address;
}

/** Sends it to all missions and waits until all have it. */
async function send(page, say, address, look) {
  await page.getByRole("link", { name: say("models-send"), exact: true }).click();
  await page.waitForURL(new RegExp(`${address}/send$`));
  if (look) await look(page, "sending");
  await page.getByRole("button", { name: say("models-send-now"), exact: true }).click();
  await page.waitForURL(new RegExp(`${address}$`));
  await page.locator("#model-grid").waitFor();
  await page.locator("#arrived").waitFor({ state: "detached" });
  assert.equal(await page.locator(".model-grid [data-progress=unseen]").count(), 99, "every mission has it");
}
