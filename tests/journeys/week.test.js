// A week is planned for Vientiane, Paris and New York: headquarters' model comes at each mission's own hour; in Vientiane
// it is put in other words and translated, five problems are found and mended, the ambassador approves on his phone, the
// item is moved on the calendar, and what returns each week is set up. Once with a mouse, once by keyboard only.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, named, stage } from "./harness.js";
import { hands } from "./hands.js";
import { approver, attach, head, wallIn } from "./people.js";

const missions = {
  vi: ["Đại sứ quán Việt Nam tại Lào", "Đại sứ quán Việt Nam tại Pháp", "Phái đoàn Thường trực Việt Nam tại Liên hợp quốc"],
  en: ["Embassy of Viet Nam in Laos", "Embassy of Viet Nam in France", "Permanent Mission of Viet Nam to the United Nations"],
};
const regions = ["southeast_asia", "europe", "multilateral"];

const on = stage();

test("a week is planned with a mouse", () => journey({ language: "vi", size: "desktop", colours: "light" }, false));
test("a week is planned by keyboard only", () => journey({ language: "en", size: "desktop", colours: "dark" }, true));

async function journey(as, keyboard) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "week");
  const title = `Tuần Việt Nam (${name})`;
  const monday = nextMonday();

  // Headquarters: one text, three missions, each at its own nine o'clock.
  const desk = await enter(approver);
  const model = await sendModel(product, desk.page, hands(desk.page, keyboard), say, title, `${monday}T09:00`, missions[as.language]);
  await look(desk.page, "model");

  // Vientiane puts it in its own words, with five mistakes.
  const { page } = await enter(attach);
  const { press, fill, choose, tick } = hands(page, keyboard);
  const finding = (text) => page.locator("#checklist li", { hasText: text });
  const saved = () => page.locator('[data-autosave-status][data-state="saved"]').waitFor();
  await page.goto(`${product.address}/models/received`);
  await press(page.getByRole("link", { name: title }));
  await press(page.getByRole("button", { name: say("models-adapt") }));
  await page.waitForURL(/\/items\/[^/]+\/edit$/);
  const item = new URL(page.url()).pathname.replace(/\/edit$/, "");
  await fill(page.locator("#title"), "");
  await fill(page.locator("#body"), "Tuần Việt Nam: giao lưu với Việt kiều, tọa đàm về biển Nam Trung Hoa.");
  await fill(page.locator("#wall"), wallIn("Asia/Vientiane", -60));
  await choose(page.locator("#scope-select"), "internal");
  await saved();
  const mistakes = [say("check-title-missing"), "Việt kiều", "Biển Đông", say("check-time-passed"), say("check-scope-internal")];
  for (const mistake of mistakes) await finding(mistake).first().waitFor();
  await look(page, "five-problems");

  await fill(page.locator("#title"), title);
  await fill(page.locator("#body"), "Tuần Việt Nam: giao lưu với người Việt Nam ở nước ngoài, tọa đàm về Biển Đông.");
  await fill(page.locator("#wall"), `${monday}T09:00`);
  await choose(page.locator("#scope-select"), "public");
  await saved();
  for (const mistake of mistakes) await finding(mistake).first().waitFor({ state: "detached" });

  // The English text stands beside its source.
  await page.goto(`${product.address}${item}`);
  await press(page.locator('.translations a[href*="/translate/"]', { hasText: say("language-en") }).first());
  await page.locator("#p-1").waitFor();
  const headline = page.locator("#t-title");
  if ((await headline.count()) > 0) await fill(headline, `Viet Nam Week (${name})`);
  await fill(page.locator("#p-1"), "Viet Nam Week: meetings with overseas Vietnamese, a talk on the East Sea.");
  await saved();
  await press(page.getByRole("button", { name: say("translation-mark") }));
  await page.locator('[data-standing="translated"]').waitFor();
  // On the calendar it stands on its day, at the mission's own hour; two days later is better.
  await page.goto(`${product.address}/calendar?view=week&date=${monday}`);
  await move(page, title, monday, dayAfter(monday, 2), keyboard);
  await look(page, "moved");
  await page.goto(`${product.address}${item}/edit`);
  await page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await press(page.getByRole("button", { name: say("items-submit") }));
  await page.waitForURL(new RegExp(`${item}$`));

  // The ambassador, with his phone: by thumb, or by keyboard where that is what he has.
  const ambassador = await enter(head, { size: "phone" });
  const thumb = hands(ambassador.page, keyboard);
  await ambassador.page.goto(`${product.address}/approvals/${item.split("/").pop()}`);
  await thumb.press(ambassador.page.getByRole("button", { name: say("approvals-approve") }));
  await thumb.press(ambassador.page.locator("#confirm-dialog [data-confirm-go]"));
  await ambassador.page.locator(".shell-flash", { hasText: say("approvals-approved") }).waitFor();

  // Headquarters sees all three, and which of them has moved.
  await desk.page.goto(`${product.address}${model}`);
  assert.equal(await desk.page.locator(".model-grid [data-progress]").count(), 3);
  await desk.page.locator(".model-grid [data-progress=approved]").waitFor();
  await look(desk.page, "grid");

  // Every Monday from now on.
  await page.goto(`${product.address}/recurring/new`);
  await fill(page.locator("#name"), `Điểm tin đầu tuần (${name})`);
  await hands(page, keyboard).pick(page.locator('input[name="every"][value="week"]'));
  await tick(page.locator('input[name="weekday"]').first());
  await fill(page.locator("#time"), "08:30");
  await tick(page.locator('input[name="source"]').first());
  await page.locator("#recurring-preview li").first().waitFor();
  await look(page, "recurring");
  await press(page.getByRole("button", { name: say("items-save") }));
  await page.waitForURL((url) => url.pathname.startsWith("/recurring") && !url.pathname.endsWith("/new"));
  await page.getByText(`Điểm tin đầu tuần (${name})`).first().waitFor();
  await leave();
}

/** Headquarters writes a model in two languages and sends it to these missions; answers its address. */
async function sendModel({ address }, page, { press, fill, pick, tick }, say, title, wall, names) {
  await page.goto(`${address}/models`);
  await press(page.getByRole("button", { name: say("models-new") }));
  await page.waitForURL(/\/models\/[^/]+\/edit$/);
  const model = new URL(page.url()).pathname.replace(/\/edit$/, "");
  await fill(page.locator("#title"), title);
  await fill(page.locator("#t0-0-title"), title);
  await fill(page.locator("#t0-0-body"), "Tuần Việt Nam bắt đầu. Kính mời bạn bè tham dự.");
  await fill(page.locator("#t0-1-title"), `Viet Nam Week ${title}`);
  await fill(page.locator("#t0-1-body"), "Viet Nam Week begins. Everybody is welcome.");
  await fill(page.locator("#wall"), wall);
  await press(page.getByRole("button", { name: say("models-save-and-look") }));
  await page.waitForURL(new RegExp(`${model}$`));
  await press(page.getByRole("link", { name: say("models-send"), exact: true }));
  await pick(page.locator('input[name="to"][value="some"]'));
  for (const [place, mission] of names.entries()) {
    await press(page.locator("summary", { hasText: say(`region-${regions[place]}`) }));
    await tick(page.getByRole("checkbox", { name: mission, exact: true }));
  }
  await press(page.getByRole("button", { name: say("models-send-now"), exact: true }));
  await page.waitForURL(new RegExp(`${model}$`));
  await page.locator("#arrived").waitFor({ state: "detached" });
  return model;
}

/** Moves an item on the calendar to another day at its hour: dragged, or by Enter and a time. */
async function move(page, title, from, to, keyboard) {
  const event = page.locator("#board").getByText(title, { exact: true });
  await event.waitFor();
  if (keyboard) {
    await page.locator("#board a.board-event", { hasText: title }).focus();
    await page.keyboard.press("Enter");
    await page.locator("#board-dialog #move-wall").waitFor();
    await page.locator("#move-wall").fill(`${to}T09:00`);
    await page.keyboard.press("Enter");
  } else {
    await event.scrollIntoViewIfNeeded();
    const box = await event.boundingBox();
    const column = async (day) => (await page.locator(`#board time[datetime="${day}"]`).boundingBox()).x;
    const across = (await column(to)) - (await column(from));
    await page.mouse.move(box.x + 10, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + 5, { steps: 3 });
    await page.mouse.move(box.x + 10 + across, box.y + 5, { steps: 10 });
    await page.mouse.up();
    await page.locator("#board-toast").waitFor();
  }
  await page.locator(`section[aria-labelledby="day-${to}"]`).getByText(title, { exact: true }).first().waitFor({ state: "attached" });
}

/** The Monday of next week, as `2026-12-07`. */
function nextMonday() {
  const now = new Date();
  const days = 8 - (now.getUTCDay() || 7);
  return new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
}

function dayAfter(day, count) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}
