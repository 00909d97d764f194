// The ceremony has no fixed end: what was approved beforehand goes out when the attaché gives the word, and not before. And a
// night on which the ambassador cannot be reached: two people at headquarters let a statement out without him, in sight of all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, combinations, named, stage } from "./harness.js";
import { approver, attach, head, wallIn } from "./people.js";
import { approve, submit, write } from "./statements.js";

const desk = "Phạm Khánh Vân";

const on = stage();

for (const as of combinations) {
  test(`it goes out on command, ${named(as)}`, () => command(as));
  test(`two people let it out in an emergency, ${named(as)}`, () => emergency(as));
}

async function command(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "command");
  const headline = `Lễ ký thỏa thuận hợp tác (${name})`;
  const body = "Lễ ký đã kết thúc tốt đẹp. Hai bên nhất trí triển khai thỏa thuận ngay trong năm nay.";

  // Half an hour within which somebody gives the word; the ambassador approves just that.
  const { page: writer } = await enter(attach);
  const wall = wallIn("Asia/Vientiane", 2);
  const item = await write(product, writer, say, { headline, body, wall, release: "on_command.30" });
  await writer.locator("#time-meaning").getByText(say("release-meaning")).waitFor();
  await look(writer, "composer");
  await writer.getByRole("button", { name: say("items-submit") }).click();
  await writer.waitForURL(new RegExp(`${item}$`));
  const { page: ambassador } = await enter(head);
  await ambassador.goto(`${product.address}${item.replace("/items/", "/approvals/")}`);
  await ambassador.getByText(say("release-you-approve")).waitFor();
  await look(ambassador, "approval");
  await approve(product, ambassador, say, item, "release-approved");

  // Nothing goes out before the word, neither before the window nor when it opens.
  const state = writer.locator("#item-state");
  const link = state.getByRole("link", { name: say("items-see-it") });
  await state.getByText(say("item-says-ready")).waitFor();
  await state.getByText(say("release-refused-early"), { exact: true }).waitFor();
  await look(writer, "ready");
  const word = state.getByRole("link", { name: say("release-open") });
  await word.waitFor({ timeout: 180_000 });
  assert.equal(await link.count(), 0);
  await state.getByText(say("item-says-ready")).waitFor();

  // The word, once more with the words in view.
  await word.click();
  const dialogue = writer.locator("#release-dialog");
  await dialogue.getByText(say("release-means")).waitFor();
  await dialogue.getByText(say("release-read")).click();
  await dialogue.getByText(body).waitFor();
  await look(writer, "word");
  await dialogue.getByRole("button", { name: say("release-now") }).click();
  await writer.locator(".shell-flash", { hasText: say("release-done") }).waitFor();
  await link.waitFor({ timeout: 180_000 });
  await look(writer, "out");
  const { page: reader } = await enter(null);
  await reader.goto(new URL(await link.getAttribute("href"), product.address).href);
  await reader.getByText(body).waitFor();
  await leave();
}

async function emergency(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "emergency");
  const headline = `Khuyến cáo công dân về mưa lũ (${name})`;
  const body = "Đại sứ quán đề nghị công dân tại các tỉnh phía Bắc theo dõi dự báo và tránh đi lại ven sông.";
  const reason = "Đại sứ đang trên máy bay, không liên lạc được; lũ về trong đêm, cần khuyến cáo ngay.";
  const remark = "Tôi đã xem và đồng ý với quyết định này.";

  const { page: writer } = await enter(attach);
  const item = await submit(product, writer, say, { headline, body, wall: wallIn("Asia/Vientiane", 3) });

  // The first gives the reason and cannot confirm it alone.
  const { page: first } = await enter(desk);
  await first.goto(`${product.address}${item}`);
  await first.getByRole("link", { name: say("break-glass-link") }).click();
  await first.locator("#break-glass summary", { hasText: say("break-glass-open") }).click();
  await first.locator("#break-glass-reason").fill(reason);
  await look(first, "ordering");
  await first.getByRole("button", { name: say("break-glass-order") }).click();
  await first.locator(".shell-flash", { hasText: say("break-glass-ordered") }).waitFor();
  await first.getByText(say("break-glass-refused-same-person")).waitFor();
  await look(first, "ordered");
  assert.equal(await first.getByRole("button", { name: say("break-glass-confirm") }).count(), 0);

  // The second is asked, reads the same words, and confirms.
  const { page: second } = await enter(approver);
  await second.goto(`${product.address}${item}`);
  await second.locator("#item-state").getByRole("link", { name: say("break-glass-look") }).click();
  await second.locator("#break-glass").getByText(reason).waitFor();
  await look(second, "confirming");
  await second.getByRole("button", { name: say("break-glass-confirm") }).click();
  await second.locator("#confirm-dialog [data-confirm-go]").click();
  await second.locator(".shell-flash", { hasText: say("break-glass-done") }).waitFor();

  // It goes out, and its page says for good how.
  const state = writer.locator("#item-state");
  const link = state.getByRole("link", { name: say("items-see-it") });
  await link.waitFor({ timeout: 240_000 });
  await state.getByText(say("break-glass-banner").replace("{ $version }", "1")).waitFor();
  await state.getByText(reason).waitFor();
  await look(writer, "out");
  const { page: reader } = await enter(null);
  await reader.goto(new URL(await link.getAttribute("href"), product.address).href);
  await reader.getByText(body).waitFor();

  // The ambassador has landed, was told, and says that he has seen it.
  const { page: ambassador } = await enter(head);
  await ambassador.goto(`${product.address}/notifications`);
  const told = say("notice-break-glass-used").replace("{ $person }", approver).replace("{ $title }", headline);
  await ambassador.getByRole("button", { name: told }).waitFor();
  await look(ambassador, "told");
  await ambassador.getByRole("button", { name: told }).click();
  await ambassador.waitForURL(new RegExp(`${item}$`));
  await ambassador.getByLabel(say("break-glass-seen-comment")).fill(remark);
  await look(ambassador, "passed-over");
  await ambassador.getByRole("button", { name: say("break-glass-see") }).click();
  await ambassador.locator(".shell-flash", { hasText: say("break-glass-seen") }).waitFor();
  assert.equal(await ambassador.getByRole("button", { name: say("break-glass-see") }).count(), 0);

  // Headquarters finds it among every use.
  await second.goto(`${product.address}/approvals`);
  await second.getByRole("link", { name: say("break-glass-list-title") }).click();
  const use = second.locator(".item-list li", { hasText: headline });
  await use.getByText(reason).waitFor();
  await use.getByText(remark).waitFor();
  await look(second, "list");
  await leave();
}
