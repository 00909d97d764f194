// A crisis: headquarters pauses the ministry from the page it happens to be on, what came due is held, publishing is
// resumed on a phone, and what still fits goes out one by one.

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

const look = async (page, what) => {
  await picture(page, `pause-${what}`);
  await checkAccessibility(page, what);
  await checkFits(page, what);
};

test("headquarters pauses everything, sees what was on its way, and lets go through triage", async () => {
  const say = words("vi");
  const sayEn = words("en");
  const headline = `Lễ hội Thạt Luổng (${Date.now()})`;

  const writer = await openPage(browser, { language: "vi" });
  await signIn(writer.page, attach, say, `${product.address}/demo?lang=vi`);
  await writer.page.goto(`${product.address}/items/new`);
  await writer.page.getByRole("button", { name: say("item-kind-statement") }).click();
  await writer.page.waitForURL(/\/items\/[^/]+\/edit$/);
  await writer.page.locator("#title").fill(headline);
  await writer.page.locator("#body").fill("Kính mời quý vị tham dự.");
  await writer.page.locator("#wall").fill(wallIn("Asia/Vientiane", 2));
  await writer.page.locator("#scope-select").selectOption("public");
  await writer.page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await writer.page.getByRole("button", { name: say("items-submit") }).click();
  await writer.page.locator("#item-state").getByText(say("item-says-submitted")).waitFor();

  const ambassador = await openPage(browser, { language: "vi" });
  await signIn(ambassador.page, head, say, `${product.address}/demo?lang=vi`);
  await ambassador.page.goto(`${product.address}/approvals`);
  await ambassador.page.getByRole("link", { name: headline }).first().click();
  await ambassador.page.getByRole("button", { name: say("approvals-approve") }).click();
  await ambassador.page.locator("#confirm-dialog [data-confirm-go]").click();
  // What waits next follows, and says that this one is done.
  await ambassador.page.locator(".shell-flash", { hasText: say("approvals-approved") }).waitFor();

  // The button is on whatever page is open; a dialog asks once.
  const desk = await openPage(browser, { language: "vi", colours: "dark" });
  await signIn(desk.page, approver, say, `${product.address}/demo?lang=vi`);
  await desk.page.locator("#stop-button").getByRole("button", { name: say("stops-pause") }).click();
  await desk.page.locator("#pause-reason").fill("Quốc tang");
  await look(desk.page, "dialog");
  await desk.page.getByRole("button", { name: say("stops-pause-go") }).click();
  await desk.page.waitForURL(/\/stops\/[^/]+$/);
  await desk.page.getByText(say("stops-in-flight-none")).waitFor();
  await look(desk.page, "in-force");

  // The attaché's open page says so by itself; the minute comes, and nothing goes out.
  await writer.page.locator("#stops-banner").getByText("Quốc tang").waitFor();
  const held = writer.page.locator("details").getByText(say("delivery-state-held"));
  await writer.page.getByText(say("items-deliveries")).click();
  await held.waitFor({ timeout: 180_000 });
  await look(writer.page, "held");

  const phone = await openPage(browser, { language: "en", size: "phone" });
  await signIn(phone.page, approver, sayEn, `${product.address}/demo?lang=en`);
  await phone.page.locator("#stop-button").getByRole("link", { name: sayEn("stops-stopped") }).click();
  await look(phone.page, "on-a-phone");
  await phone.page.getByRole("button", { name: sayEn("stops-lift") }).click();
  await phone.page.locator("#confirm-dialog [data-confirm-go]").click();
  // Letting go leads to what was held.
  await phone.page.waitForURL(/show=held/);
  await phone.page.getByRole("checkbox", { name: sayEn("delivery-choose").replace("{ $title }", headline) }).check();
  await look(phone.page, "triage");
  await phone.page.getByRole("button", { name: sayEn("deliveries-release") }).click();
  await phone.page.locator("#confirm-dialog [data-confirm-go]").click();

  const link = writer.page.locator("#item-state").getByRole("link", { name: say("items-see-it") });
  await link.waitFor({ timeout: 120_000 });
  const reader = await openPage(browser, { language: "vi" });
  await reader.page.goto(new URL(await link.getAttribute("href"), product.address).href);
  await reader.page.getByRole("heading", { name: headline }).waitFor();

  for (const { context, complaints } of [writer, ambassador, desk, phone, reader]) {
    assert.deepEqual(complaints, []);
    await context.close();
  }
});
