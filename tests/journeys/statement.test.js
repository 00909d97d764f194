// The journey that everything is for: an attaché writes, the ambassador approves, it goes out at the minute set, and
// the public reads it. In both languages, on a desk and on a phone, at the same time and in the same embassy.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkAccessibility, checkFits, openPage, picture, startBrowser, startProduct } from "./harness.js";
import { attach, head, signIn, wallIn } from "./people.js";
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

const combinations = [
  { language: "vi", size: "desktop", colours: "light" },
  { language: "en", size: "phone", colours: "light" },
  { language: "vi", size: "phone", colours: "dark" },
  { language: "en", size: "desktop", colours: "dark" },
];

test("a statement is written, approved, published at its minute and read by the public", { concurrency: true }, async (t) => {
  await Promise.all(combinations.map((as) => t.test(`${as.language} on a ${as.size}, ${as.colours}`, () => journey(as))));
});

async function journey(as) {
  const say = words(as.language);
  const name = `${as.language}-${as.size}-${as.colours}`;
  const headline = `Tuần Văn hóa Việt Nam tại Viêng Chăn (${name} ${Date.now()})`;

  const writer = await openPage(browser, as);
  const look = async (page, what) => {
    await picture(page, `${name}-${what}`);
    await checkAccessibility(page, `${what} (${name})`);
    await checkFits(page, `${what} (${name})`);
  };

  await writer.page.goto(`${product.address}/demo?lang=${as.language}`);
  await look(writer.page, "choose-a-role");
  await signIn(writer.page, attach, say);
  await look(writer.page, "home");

  await writer.page.goto(`${product.address}/items/new`);
  await look(writer.page, "new");
  await writer.page.getByRole("button", { name: say("item-kind-statement") }).click();
  await writer.page.waitForURL(/\/items\/[^/]+\/edit$/);
  const item = new URL(writer.page.url()).pathname.replace(/\/edit$/, "");
  await writer.page.locator("#title").fill(headline);
  await writer.page.locator("#body").fill("Lễ khai mạc diễn ra lúc 18 giờ.\n\nKính mời bạn bè Lào tham dự.");
  await writer.page.locator("#wall").fill(wallIn("Asia/Vientiane", 3));
  await writer.page.locator("#scope-select").selectOption("public");
  await writer.page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await look(writer.page, "composer");
  await writer.page.getByRole("button", { name: say("items-submit") }).click();
  await writer.page.waitForURL(new RegExp(`${item}$`));
  await writer.page.locator("#item-state").getByText(say("item-says-submitted")).waitFor();
  await look(writer.page, "submitted");

  const ambassador = await openPage(browser, as);
  await signIn(ambassador.page, head, say, `${product.address}/demo?lang=${as.language}`);
  await ambassador.page.goto(`${product.address}/approvals`);
  await look(ambassador.page, "approvals");
  await ambassador.page.getByRole("link", { name: headline }).first().click();
  await ambassador.page.getByRole("button", { name: say("approvals-approve") }).waitFor();
  await look(ambassador.page, "approval");
  await ambassador.page.getByRole("button", { name: say("approvals-approve") }).click();
  await ambassador.page.locator("#confirm-dialog [data-confirm-go]").click();
  // What waits next follows, and says that this one is done.
  await ambassador.page.locator(".shell-flash", { hasText: say("approvals-approved") }).waitFor();

  // The attaché's open page changes by itself, through approval and up to the link, with nobody touching it.
  const link = writer.page.locator("#item-state").getByRole("link", { name: say("items-see-it") });
  await link.waitFor({ timeout: 240_000 });
  await look(writer.page, "published");

  const reader = await openPage(browser, as);
  const release = new URL(await link.getAttribute("href"), product.address);
  await reader.page.goto(release.href);
  await reader.page.getByRole("heading", { name: headline }).waitFor();
  await reader.page.getByText("Kính mời bạn bè Lào tham dự.", { exact: true }).waitFor();
  await look(reader.page, "press-release");
  const room = release.pathname.split("/").slice(0, 4).join("/");
  await reader.page.goto(`${product.address}${room}`);
  assert.equal(await reader.page.getByRole("link", { name: headline }).count(), 1, "it is in the press room, once");
  await look(reader.page, "press-room");

  for (const { context, complaints } of [writer, ambassador, reader]) {
    assert.deepEqual(complaints, []);
    await context.close();
  }
}
