// An attaché plans: a plan kept in a sheet becomes drafts, they are moved on the calendar with the mouse and taken back,
// and again by keyboard only; on a phone the same from the list.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkAccessibility, checkFits, openPage, picture, startBrowser, startProduct } from "./harness.js";
import { approver, attach, signIn } from "./people.js";
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

/** A day of the month after this one, as `2026-12-10`. */
function nextMonth(day) {
  const now = new Date();
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  return `${first.toISOString().slice(0, 8)}${String(day).padStart(2, "0")}`;
}

async function look(page, name, what) {
  await picture(page, `${name}-${what}`);
  await checkAccessibility(page, `${what} (${name})`);
  await checkFits(page, `${what} (${name})`);
}

/** Takes a plan of three rows in, one of them wrong. */
async function takeIn(page, say, mark) {
  await page.goto(`${product.address}/calendar/import`);
  await look(page, mark, "import");
  const rows = [10, 11].map((day) => `${mark} ${day},${nextMonth(day)},09:30`).join("\n");
  await page.locator("#file").setInputFiles({
    name: "plan.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`Tiêu đề,Ngày,Giờ\n${rows}\n${mark} 31,31/02/2027,09:00\n`),
  });
  await page.getByRole("button", { name: say("import-read") }).click();
  await page.getByText("31/02/2027").waitFor();
  await look(page, mark, "import-preview");
  await page.locator('form[action$="/take"] button').click();
  await page.waitForURL(/\/items/);
}

/** Waits until the list has the item at this hour of this day. */
async function stands(page, title, day) {
  await page.locator(`section[aria-labelledby="day-${day}"]`).getByText(title, { exact: true }).waitFor({ state: "attached" });
}

for (const language of ["vi", "en"]) {
  test(`a week is planned by drag and by keyboard, ${language}`, async () => {
    const say = words(language);
    const mark = `bảng-${language}`;
    const { page, context, complaints } = await openPage(browser, { language, colours: language === "vi" ? "light" : "dark" });
    await signIn(page, attach, say, `${product.address}/demo?lang=${language}`);
    await takeIn(page, say, mark);

    await page.goto(`${product.address}/calendar?view=month&date=${nextMonth(10)}`);
    const grid = page.locator("#board");
    const event = grid.getByText(`${mark} 10`, { exact: true });
    await event.waitFor();
    await look(page, mark, "month");

    // With the mouse: a week later, at the same hour.
    const [from, onto] = [await event.boundingBox(), await grid.locator(`time[datetime="${nextMonth(17)}"]`).boundingBox()];
    await page.mouse.move(from.x + 10, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(from.x + 20, from.y + 20, { steps: 3 });
    await page.mouse.move(onto.x + 20, onto.y + 30, { steps: 10 });
    await page.mouse.up();
    await page.locator("#board-toast").waitFor();
    await stands(page, `${mark} 10`, nextMonth(17));
    await look(page, mark, "moved");
    await page.locator("#board-undo").click();
    await stands(page, `${mark} 10`, nextMonth(10));

    // By keyboard only: the item, Enter, another day, Enter.
    await grid.locator("a.board-event", { hasText: `${mark} 11` }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#board-dialog #move-wall").waitFor();
    await look(page, mark, "dialog");
    assert.equal(await page.locator("#move-wall").evaluate((field) => field === document.activeElement), true);
    await page.locator("#move-wall").fill(`${nextMonth(18)}T14:00`);
    await page.keyboard.press("Enter");
    await stands(page, `${mark} 11`, nextMonth(18));

    for (const view of ["week", "day", "agenda", "lanes"]) {
      await page.goto(`${product.address}/calendar?view=${view}&date=${nextMonth(18)}`);
      await page.getByText(`${mark} 11`, { exact: true }).first().waitFor();
      await look(page, mark, view);
    }
    await page.goto(`${product.address}/calendar/feeds`);
    await page.getByRole("button", { name: say("feeds-make") }).click();
    await look(page, mark, "feeds");
    const address = await page.locator("#feed-address").inputValue();
    assert.match(await (await fetch(address)).text(), /BEGIN:VEVENT/);
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test(`a phone shows the list and moves from it, ${language}`, async () => {
    const say = words(language);
    const mark = `máy-${language}`;
    const { page, context, complaints } = await openPage(browser, { language, size: "phone", colours: language === "vi" ? "dark" : "light" });
    await signIn(page, attach, say, `${product.address}/demo?lang=${language}`);
    await takeIn(page, say, mark);
    await page.goto(`${product.address}/calendar?view=month&date=${nextMonth(10)}`);
    await page.getByText(`${mark} 10`, { exact: true }).waitFor();
    assert.equal(await page.locator("#board").isVisible(), false);
    await look(page, mark, "list");
    await page.locator(".board-row", { hasText: `${mark} 10` }).locator(".board-move").click();
    await page.locator("#move-wall").fill(`${nextMonth(19)}T08:00`);
    await page.getByRole("button", { name: say("board-move-now"), exact: true }).click();
    await stands(page, `${mark} 10`, nextMonth(19));
    await look(page, mark, "list-moved");
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("headquarters sees all missions, and enters a day that holds for all", async () => {
  const say = words("vi");
  const { page, context, complaints } = await openPage(browser, { language: "vi" });
  await signIn(page, approver, say, `${product.address}/demo?lang=vi`);
  await page.goto(`${product.address}/calendar?view=month`);
  await page.locator("#board .ec-day").first().waitFor();
  await look(page, "headquarters", "month");
  await page.goto(`${product.address}/calendar/days`);
  await page.locator("#label").fill("Thăm cấp Nhà nước");
  await page.locator("#kind").selectOption("visit");
  await page.locator("#starts_on").fill(nextMonth(12));
  await page.getByRole("button", { name: say("items-save") }).click();
  await page.getByText("Thăm cấp Nhà nước").waitFor();
  await look(page, "headquarters", "days");
  await page.goto(`${product.address}/calendar?view=month&date=${nextMonth(12)}`);
  await page.locator("#board").getByText("Thăm cấp Nhà nước").waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});
