// The way of a kit: a steward makes it with guidance and an order, an attaché elsewhere finds it and takes it away, and
// gives a choice of it to somebody outside by a link with a password, an end and a count.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { cast, combinations, named, stage } from "./harness.js";
import { attach, steward } from "./people.js";

const on = stage();

// One after the other: each takes a picture back that both could use.
test("a kit reaches a mission and people outside, until it is taken back", async (t) => {
  for (const as of combinations) await t.test(named(as), () => journey(as));
});

async function journey(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "collections");

  const keeper = await enter(steward);
  const kit = await make(keeper.page, say, `Ngày hội văn hóa (${name})`, async (page) => {
    await page.getByRole("radio", { name: say("collection-kind-kit") }).check();
    await page.locator("#guidance").fill("Dùng hai đến ba ảnh cho mỗi bài.\nGhi đủ nguồn ảnh.");
    await page.getByRole("checkbox", { name: say("unit-kind-embassy"), exact: true }).check();
    await look(page, "new");
  });
  await keeper.page.goto(`${product.address}/assets?usable=share_link`);
  const all = await keeper.page.locator("[data-grid] a.asset-link").evaluateAll((links) => links.map((link) => link.pathname));
  const assets = all.slice(0, 3);
  for (const asset of assets) await putInto(keeper.page, say, asset, kit);
  await keeper.page.goto(`${product.address}${kit}`);
  const tiles = keeper.page.locator(".asset-grid a.asset-link");
  const order = () => tiles.evaluateAll((links) => links.map((link) => link.pathname));
  assert.deepEqual(await order(), assets);
  // The last becomes the first, by keyboard alone.
  const place = keeper.page.locator(`input[name="place-${assets[2].split("/").pop()}"]`);
  await place.focus();
  await keeper.page.keyboard.press("Control+A");
  await keeper.page.keyboard.type("1");
  await Promise.all([keeper.page.waitForEvent("load"), keeper.page.keyboard.press("Enter")]);
  assert.deepEqual(await order(), [assets[2], assets[0], assets[1]]);
  await arranged(as, say, keeper, kit, order, look);
  await look(keeper.page, "kit-of-its-owner");

  const attache = await enter(attach);
  await attache.page.goto(`${product.address}/collections`);
  await look(attache.page, "list");
  await attache.page.getByRole("link", { name: `Ngày hội văn hóa (${name})` }).click();
  await attache.page.getByText("Ghi đủ nguồn ảnh.").waitFor();
  await look(attache.page, "kit");
  assert.equal(await download(attache.page, attache.page.locator(`a[href="${kit}/zip"]`)), "PK\u0003\u0004");
  const sheet = await attache.page.request.get(`${product.address}${kit}/sheet.pdf`);
  assert.equal(sheet.headers()["content-type"], "application/pdf");
  assert.equal((await sheet.body()).subarray(0, 5).toString(), "%PDF-");

  const chosen = await make(attache.page, say, `Gửi báo bạn (${name})`);
  for (const asset of assets.slice(0, 2)) await putInto(attache.page, say, asset, chosen);
  await attache.page.goto(`${product.address}${chosen}`);
  await attache.page.locator("#ends_on").fill("2020-01-01");
  await attache.page.getByRole("button", { name: say("shares-make") }).click();
  await attache.page.getByText(say("shares-end-unlikely")).first().waitFor();
  await look(attache.page, "link-refused");
  await attache.page.locator("#ends_on").fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10));
  await attache.page.locator("#password").fill("tu lieu thang chin");
  await attache.page.locator("#max_downloads").fill("2");
  await attache.page.getByRole("button", { name: say("shares-make") }).click();
  const link = await attache.page.getByLabel(say("shares-address")).inputValue();
  await look(attache.page, "link");

  const { page } = await enter();
  const there = `${product.address}${new URL(link).pathname}`;
  await page.goto(`${there}?lang=${as.language}`);
  await look(page, "password");
  const unlock = async (password) => {
    await page.locator("#password").fill(password);
    await page.getByRole("button", { name: say("shares-unlock"), exact: true }).click();
  };
  await unlock("tu lieu thang tam");
  await page.getByText(say("shares-password-wrong")).first().waitFor();
  await look(page, "wrong-password");
  await unlock("tu lieu thang chin");
  const shown = page.locator(".asset-grid .asset-card");
  await shown.first().waitFor();
  assert.equal(await shown.count(), 2);
  await look(page, "shared");
  assert.equal(await download(page, page.locator('a[href$="/zip"]')), "PK\u0003\u0004");

  await keeper.page.goto(`${product.address}${assets[0]}`);
  await keeper.page.locator("#reason").fill("Sai chú thích địa điểm");
  await keeper.page.getByRole("button", { name: say("assets-withdraw") }).click();
  await keeper.page.getByText("Sai chú thích địa điểm").first().waitFor();
  await page.reload();
  assert.equal(await shown.count(), 1, "what was taken back is gone at once");

  assert.equal(await download(page, shown.locator('a[href$="/download"]')), "\u00ff\u00d8\u00ff\u00e0");
  await page.reload();
  await page.getByText(say("shares-exhausted")).waitFor();
  assert.equal(await page.locator('a[href$="/download"], a[href$="/zip"]').count(), 0);
  await look(page, "exhausted");
  await page.goto(`${there}/zip`);
  await page.getByText(say("shares-exhausted")).waitFor();

  await attache.page.goto(`${product.address}${chosen}`);
  await attache.page.getByRole("button", { name: say("shares-end") }).click();
  await attache.page.getByText(say("shares-over")).first().waitFor();
  await page.goto(there);
  await page.getByText(say("shares-over-now")).waitFor();
  await look(page, "over");

  // The browser notes answers that refuse, which this journey asks for.
  await leave((text) => /status of (409|410|422)/.test(text));
}

/** The buttons and the mouse move a card; who saves second is told, and finds what they entered. */
async function arranged(as, say, keeper, kit, order, look) {
  const { page, context } = keeper;
  const later = page.locator('button[data-move="1"]').first();
  const [first, second, third] = await order();
  await later.focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(await order(), [second, first, third]);
  assert.ok(await page.locator("[data-card]").nth(1).locator('button[data-move="1"]').evaluate((button) => button === document.activeElement), "the focus goes along");
  await page.getByText(say("collections-unsaved")).waitFor();
  if (as.size === "desktop") {
    await page.locator("[data-card] [data-drag]").first().dragTo(page.locator("[data-card]").nth(2));
    assert.deepEqual(await order(), [first, third, second]);
  }
  const wanted = await order();

  // The same person in another window is somebody else to the form.
  const other = await context.newPage();
  await other.goto(`${on.product.address}${kit}`);
  await other.locator('input[name^="note-"]').first().fill("Ảnh bìa");
  await Promise.all([other.waitForEvent("load"), other.getByRole("button", { name: say("collections-arrange") }).click()]);
  await other.close();

  const save = async () => {
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: say("collections-arrange") }).click()]);
  };
  await page.locator('input[name^="note-"]').last().fill("Ảnh cuối");
  await save();
  await page.getByText(say("collections-stale").replace("{ $person }", steward)).waitFor();
  assert.deepEqual(await order(), wanted, "the order that was entered is kept");
  assert.equal(await page.locator('input[name^="note-"]').last().inputValue(), "Ảnh cuối");
  await look(page, "kit-second");
  await save();
  await page.getByText(say("collections-saved")).first().waitFor();
  assert.deepEqual(await order(), wanted);
  const notes = await page.locator('input[name^="note-"]').evaluateAll((fields) => fields.map((field) => field.value));
  assert.ok(notes.includes("Ảnh bìa") && notes.includes("Ảnh cuối"), `neither note is lost: ${notes}`);
}

/** Makes a collection; answers its address. */
async function make(page, say, title, more) {
  const { product } = on;
  await page.goto(`${product.address}/collections/new`);
  await page.locator("#name-vi").fill(title);
  await page.locator("#name-en").fill(title);
  await more?.(page);
  await page.getByRole("button", { name: say("assets-save"), exact: true }).click();
  await page.waitForURL(/\/collections\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

/** Puts an asset into a collection, from its own page. */
async function putInto(page, say, asset, collection) {
  const { product } = on;
  await page.goto(`${product.address}${asset}`);
  await page.locator("#collection").selectOption(collection.split("/").pop());
  await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: say("collections-put"), exact: true }).click()]);
}

/** Follows a link that downloads; answers the first four letters of the file. */
async function download(page, link) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return readFileSync(await file.path()).subarray(0, 4).toString("latin1");
}
