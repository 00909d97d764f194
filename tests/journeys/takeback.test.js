// Taking back: a statement is out and names a wrong hour. It is corrected by a new version that is approved anew, and the
// press room says what was wrong; then the meeting is called off, the attaché asks for it to be withdrawn, the ambassador
// confirms, and the address answers with the reason and the note.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, combinations, named, stage } from "./harness.js";
import { attach, head, wallIn } from "./people.js";
import { approve, submit } from "./statements.js";

const wrong = "Đại sứ quán tiếp bà con cộng đồng từ 8 giờ sáng thứ Bảy tại trụ sở Đại sứ quán.";
const right = "Đại sứ quán tiếp bà con cộng đồng từ 9 giờ sáng thứ Bảy tại trụ sở Đại sứ quán.";
const corrected = "Thông báo trước nêu chưa đúng giờ tiếp: giờ tiếp đúng là 9 giờ sáng.";
const misspelt = "Thông báo trước nêu chưa đúng giờ tiếp.";
const calledOff = "Buổi tiếp được hoãn; Đại sứ quán sẽ thông báo lịch mới.";
const internal = "Đại sứ đi công tác đột xuất, chưa định được lịch mới.";

const on = stage();

for (const as of combinations) test(`what is out is corrected, then withdrawn, ${named(as)}`, () => journey(as));

async function journey(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "takeback");
  const headline = `Lịch tiếp cộng đồng (${name})`;
  const note = (page) => page.locator('textarea[name^="note."]');

  // It goes out, with the wrong hour.
  const { page: writer } = await enter(attach);
  const item = await submit(product, writer, say, { headline, body: wrong, wall: wallIn("Asia/Vientiane", 2) });
  const { page: ambassador } = await enter(head);
  await approve(product, ambassador, say, item);
  const state = writer.locator("#item-state");
  const link = state.getByRole("link", { name: say("items-see-it") });
  await link.waitFor({ timeout: 240_000 });
  await look(writer, "out");
  const address = new URL(await link.getAttribute("href"), product.address).href;
  const { page: reader } = await enter(null);
  await reader.goto(address);
  await reader.getByText(wrong).waitFor();

  // The correction begins with what the public is told, which can still be put better.
  await state.getByRole("link", { name: say("correct-open") }).click();
  await note(writer).fill(misspelt);
  await look(writer, "correct");
  await writer.getByRole("button", { name: say("correct-begin") }).click();
  await writer.waitForURL(/\/edit$/);
  await writer.goto(`${product.address}${item}`);
  await note(writer).fill(corrected);
  await look(writer, "correcting");
  await writer.getByRole("button", { name: say("correct-notes-save") }).click();
  await writer.locator(".shell-flash", { hasText: say("correct-noted") }).waitFor();
  await state.getByRole("link", { name: say("items-edit") }).click();
  await writer.waitForURL(/\/edit$/);
  assert.equal(await writer.locator("#body").inputValue(), wrong);
  assert.equal(await writer.locator(".autosave-offer").count(), 0, "all of it had arrived");
  await writer.locator("#body").fill(right);
  await writer.locator("#wall").fill(wallIn("Asia/Vientiane", 2));
  await writer.locator('[data-autosave-status][data-state="saved"]').waitFor();
  await writer.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await look(writer, "correction");
  await writer.getByRole("button", { name: say("items-submit") }).click();
  await writer.waitForURL(new RegExp(`${item}$`));

  // Until it is approved anew, the public reads what it read.
  await reader.reload();
  await reader.getByText(wrong).waitFor();
  await ambassador.goto(`${product.address}${item.replace("/items/", "/approvals/")}`);
  await ambassador.getByText(corrected).first().waitFor();
  await look(ambassador, "approving");
  await approve(product, ambassador, say, item);
  await state.getByText(say("item-says-published")).waitFor({ timeout: 240_000 });
  await look(writer, "corrected");
  await reader.reload();
  await reader.getByRole("note").getByText(corrected).waitFor();
  await reader.getByText(right).waitFor();
  assert.equal(await reader.getByText(wrong).count(), 0);
  await look(reader, "press-corrected");

  // The attaché asks; nothing is taken down before the ambassador confirms.
  await state.getByRole("link", { name: say("withdraw-ask") }).click();
  await writer.getByRole("radio", { name: say("withdraw-reason-other") }).check();
  await note(writer).fill(calledOff);
  await writer.locator("#internal").fill(internal);
  await look(writer, "withdraw");
  await writer.getByRole("button", { name: say("withdraw-ask") }).click();
  await writer.locator("#confirm-dialog [data-confirm-go]").click();
  await state.getByText(say("withdraw-asked-waits")).waitFor();
  assert.equal(await state.getByRole("link", { name: say("withdraw-ask") }).count(), 0);
  await look(writer, "asked");
  await reader.reload();
  await reader.getByText(right).waitFor();
  await ambassador.goto(`${product.address}${item}`);
  await ambassador.getByText(internal).first().waitFor();
  await look(ambassador, "confirming");
  await ambassador.locator("#item-state").getByRole("button", { name: say("withdraw-now") }).click();
  await ambassador.locator("#confirm-dialog [data-confirm-go]").click();
  await ambassador.locator("#item-state").getByText(say("item-says-withdrawn")).waitFor({ timeout: 120_000 });

  // The address says so, and keeps what is internal to itself.
  const answer = await reader.reload();
  assert.equal(answer.status(), 410);
  await reader.getByText(say("press-withdrawn-because-other")).waitFor();
  await reader.getByText(calledOff).waitFor();
  assert.equal(await reader.getByText(right).count(), 0);
  assert.equal(await reader.getByText(internal).count(), 0);
  await look(reader, "press-withdrawn");
  await state.getByText(say("item-says-withdrawn")).waitFor();
  await look(writer, "end");
  // A browser complains about every 410.
  await leave((complaint) => complaint.includes("status of 410") && complaint.endsWith(address));
}
