// A crisis in one region: headquarters pauses it, sees what was on its way, the rest of the world goes on; letting go leads
// to what was held, of which one goes out now, one gets a new time and one is dropped.

import { test } from "node:test";

import { cast, combinations, named, stage } from "./harness.js";
import { approver, attach, head, wallIn } from "./people.js";
import { approve, submit } from "./statements.js";

const attachInParis = "Dương Cẩm Tú";
const headInParis = "Chu Đức Hòa";

const on = stage();

for (const as of combinations) {
  test(`a region is paused and let go, ${named(as)}`, () => journey(as));
}

async function journey(as) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "crisis");
  const body = "Kính mời quý vị tham dự.";
  const due = 3;
  const write = (who, zone, headline) => submit(product, who.page, say, { headline: `${headline} (${name})`, body, wall: wallIn(zone, due) });

  const vientiane = await enter(attach);
  const now = await write(vientiane, "Asia/Vientiane", "Ra ngay");
  const later = await write(vientiane, "Asia/Vientiane", "Lùi lại");
  const never = await write(vientiane, "Asia/Vientiane", "Bỏ");
  const ambassador = await enter(head);
  for (const item of [now, later, never]) await approve(product, ambassador.page, say, item);
  const paris = await enter(attachInParis);
  const elsewhere = await write(paris, "Europe/Paris", "Nơi khác");
  const ambassadorInParis = await enter(headInParis);
  await approve(product, ambassadorInParis.page, say, elsewhere);

  // The region, with a reason.
  const desk = await enter(approver);
  await desk.page.goto(`${product.address}/stops`);
  await desk.page.locator("#what").selectOption("region:southeast_asia");
  await desk.page.locator("#reason").fill(`Động đất (${name})`);
  await look(desk.page, "stops");
  await desk.page.getByRole("button", { name: say("stops-go") }).click();
  await desk.page.waitForURL(/\/stops\/[^/]+$/);
  await desk.page.locator("#flying").waitFor();
  await look(desk.page, "in-force");
  const stop = desk.page.url();

  // The mission is told, what comes due is held; in Paris it goes out.
  await vientiane.page.goto(`${product.address}${now}`);
  await vientiane.page.locator("#stops-banner").getByText(`Động đất (${name})`).waitFor();
  await paris.page.goto(`${product.address}${elsewhere}`);
  await paris.page.locator("#item-state").getByRole("link", { name: say("items-see-it") }).waitFor({ timeout: 300_000 });
  for (const item of [now, later, never]) {
    await vientiane.page.goto(`${product.address}${item}`);
    await vientiane.page.getByText(say("items-deliveries")).click();
    await vientiane.page.locator("details").getByText(say("delivery-state-held")).waitFor({ timeout: 120_000 });
  }
  await look(vientiane.page, "held");

  // Letting go: nothing bursts out, each is decided on.
  await desk.page.goto(stop);
  await desk.page.getByRole("button", { name: say("stops-lift") }).click();
  await desk.page.locator("#confirm-dialog [data-confirm-go]").click();
  await desk.page.waitForURL(/show=held/);
  await look(desk.page, "triage");
  await desk.page.getByRole("checkbox", { name: say("delivery-choose").replace("{ $title }", `Ra ngay (${name})`) }).check();
  await desk.page.getByRole("button", { name: say("deliveries-release") }).click();
  await desk.page.locator("#confirm-dialog [data-confirm-go]").click();
  await vientiane.page.goto(`${product.address}${now}`);
  await vientiane.page.locator("#item-state").getByRole("link", { name: say("items-see-it") }).waitFor({ timeout: 120_000 });

  // A new time is a new version, which is approved anew.
  await vientiane.page.goto(`${product.address}${later}`);
  await vientiane.page.getByRole("button", { name: say("items-reopen") }).click();
  await vientiane.page.locator("#confirm-dialog [data-confirm-go]").click();
  await vientiane.page.waitForURL(/\/edit$/);
  await vientiane.page.locator("#wall").fill(wallIn("Asia/Vientiane", 24 * 60));
  await vientiane.page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await vientiane.page.getByRole("button", { name: say("items-submit") }).click();
  await vientiane.page.waitForURL(new RegExp(`${later}$`));
  await approve(product, ambassador.page, say, later);

  await vientiane.page.goto(`${product.address}${never}`);
  await vientiane.page.locator("summary", { hasText: say("items-cancel") }).click();
  await vientiane.page.getByRole("button", { name: say("items-cancel-now") }).click();
  await vientiane.page.locator("#item-state").getByText(say("item-says-cancelled")).waitFor({ timeout: 60_000 });
  await look(vientiane.page, "dropped");
  await leave();
}
