// Approving: a text in Lao is passed by its native reviewer, then by the ambassador with a thumb; several at once; a
// passage is marked and settled; a delegate decides; an administrator sees who would approve what.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkAccessibility, checkFits, openPage, picture, startBrowser, startProduct } from "./harness.js";
import { administrator, attach, head, signIn, wallIn } from "./people.js";
import { words } from "./words.js";

const reviewer = "Khamla Sengdara";
const analyst = "Bùi Thu Giang";

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

for (const as of [
  { language: "vi", size: "phone", colours: "light" },
  { language: "en", size: "desktop", colours: "dark" },
]) {
  test(`what waits is decided, in ${as.language} on a ${as.size}`, () => journey(as));
}

async function journey(as) {
  const say = words(as.language);
  const name = `approve-${as.language}-${as.size}`;
  const demo = `${product.address}/demo?lang=${as.language}`;
  const look = async (page, what) => {
    await picture(page, `${name}-${what}`);
    await checkAccessibility(page, `${what} (${name})`);
    await checkFits(page, `${what} (${name})`);
  };
  const opened = [];
  const come = async (person) => {
    const one = await openPage(browser, as);
    opened.push(one);
    await signIn(one.page, person, say, demo);
    return one.page;
  };
  const write = async (page, headline, lao) => {
    await page.goto(`${product.address}/items/new`);
    await page.getByRole("button", { name: say("item-kind-news") }).click();
    await page.waitForURL(/\/items\/[^/]+\/edit$/);
    const item = new URL(page.url()).pathname.replace(/\/edit$/, "");
    await page.locator("#title").fill(headline);
    await page.locator("#body").fill("Lễ khai mạc diễn ra tối thứ Bảy. Kính mời bạn bè Lào tham dự.");
    await page.locator("#wall").fill(wallIn("Asia/Vientiane", 180));
    await page.locator("#scope-select").selectOption("public");
    if (lao) {
      const add = page.locator('.channel-add button[value$=":lo"]').first();
      await add.click();
      await page.waitForLoadState();
      await page.locator('textarea[name$=".body"]').last().fill("ພິທີເປີດ.");
      const title = page.locator('input[name$=".title"]');
      if ((await title.count()) > 0) await title.last().fill("ງານ");
    }
    await page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
    await look(page, lao ? "composer-lao" : "composer");
    await page.getByRole("button", { name: say("items-submit") }).click();
    await page.waitForURL(new RegExp(`${item}$`));
    return item;
  };
  const decide = async (page) => {
    await page.locator(".decision-bar .btn-success").click();
    await page.locator("#confirm-dialog [data-confirm-go]").click();
  };

  const writer = await come(attach);
  const stamp = `${name} ${Date.now()}`;
  const inLao = await write(writer, `Tuần phim (${stamp})`, true);
  const second = await write(writer, `Lớp học (${stamp})`, false);
  const third = await write(writer, `Triển lãm (${stamp})`, false);
  const fourth = await write(writer, `Tọa đàm (${stamp})`, false);

  // The reviewer passes the Lao text; the ambassador's step comes after.
  const native = await come(reviewer);
  await native.goto(`${product.address}/approvals`);
  await look(native, "reviewer-queue");
  await native.goto(`${product.address}${inLao.replace("items", "approvals")}`);
  await look(native, "reviewer");
  await decide(native);
  await native.getByText(say("approvals-approved-next")).first().waitFor();

  // The ambassador, by thumb: the button is at the bottom, large enough, and the next item follows.
  const ambassador = await come(head);
  await ambassador.goto(`${product.address}/approvals`);
  await look(ambassador, "queue");
  await ambassador.goto(`${product.address}${inLao.replace("items", "approvals")}`);
  await look(ambassador, "approval");
  const button = await ambassador.locator(".decision-bar .btn-success").boundingBox();
  assert.ok(button.height >= 44, `the button is ${button.height} pixels high`);
  await decide(ambassador);
  await ambassador.getByText(say("approvals-approved")).first().waitFor();
  assert.match(new URL(ambassador.url()).pathname, /^\/approvals\//, "the next one follows");

  // A passage is marked, and changes are asked for without another word.
  await ambassador.goto(`${product.address}${fourth.replace("items", "approvals")}`);
  await ambassador.locator("#marking > summary").click();
  await ambassador.locator("#sentence").selectOption({ index: 1 });
  await ambassador.locator("#mark-comment").fill("Nêu rõ ngày.");
  await look(ambassador, "marking");
  await ambassador.getByRole("button", { name: say("passages-mark"), exact: true }).click();
  await ambassador.getByText(say("passages-marked")).waitFor();
  await look(ambassador, "marked");
  await ambassador.locator(".decision-bar .ask-changes > summary").click();
  await ambassador.getByRole("button", { name: say("approvals-send-back") }).click();
  await ambassador.getByText(say("approvals-changes-requested")).first().waitFor();
  await writer.goto(`${product.address}${fourth}/edit`);
  await writer.getByText("Nêu rõ ngày.").first().waitFor();
  await look(writer, "passages");
  await writer.getByRole("button", { name: say("passages-settle") }).click();
  await writer.getByText(say("passages-settled")).waitFor();

  // Two at once.
  await ambassador.goto(`${product.address}/approvals`);
  for (const item of [second, third]) {
    await ambassador.locator(`input[name="chosen"][value^="${item.split("/").pop()} "]`).check();
  }
  await decide(ambassador);
  await ambassador.locator("#results-title").waitFor();
  assert.equal(await ambassador.locator('section[aria-labelledby="results-title"] li[data-blocking="false"]').count(), 2);
  await look(ambassador, "several");

  // A colleague decides while the ambassador is away.
  const fifth = await write(writer, `Gặp gỡ (${stamp})`, false);
  await ambassador.goto(`${product.address}/approvals/delegations`);
  const colleague = ambassador.locator("#who option", { hasText: analyst });
  await ambassador.locator("#who").selectOption(await colleague.getAttribute("value"));
  await ambassador.locator("#last").fill(await ambassador.locator("#first").inputValue());
  await ambassador.locator("#reason").fill("Công tác");
  await ambassador.getByRole("button", { name: say("delegations-make") }).click();
  await ambassador.getByText(say("delegations-made")).waitFor();
  await look(ambassador, "delegations");
  const deputy = await come(analyst);
  await deputy.goto(`${product.address}${fifth.replace("items", "approvals")}`);
  await look(deputy, "deputy");
  await decide(deputy);
  await deputy.getByText(say("approvals-approved")).first().waitFor();
  await writer.goto(`${product.address}${fifth}`);
  await writer.getByText(say("approvals-on-behalf").replace("{ $person }", analyst).replace("{ $behalf }", head)).waitFor();
  await writer.locator("details", { hasText: say("transitions-title") }).locator("summary").click();
  await look(writer, "decided");

  // Who would approve this?
  const keeper = await come(administrator);
  await keeper.goto(`${product.address}/policy`);
  await keeper.locator("#topic").selectOption("sovereignty");
  await keeper.getByRole("button", { name: say("policy-show") }).click();
  await keeper.locator("#who-title").waitFor();
  await look(keeper, "policy");

  for (const { context, complaints } of opened) {
    assert.deepEqual(complaints, []);
    await context.close();
  }
}
