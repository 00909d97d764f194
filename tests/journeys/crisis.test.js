// A crisis in one region: headquarters pauses it, sees what was on its way, the rest of the world goes on; letting go leads
// to what was held, of which one goes out now, one gets a new time and one is dropped.

import { test } from "node:test";

import { cast, combinations, named, stage } from "./harness.js";
import { approver, attach, head, wallIn } from "./people.js";
import { approve, submit } from "./statements.js";

const vientiane = { region: "southeast_asia", zone: "Asia/Vientiane", attach, head };
const tokyo = { region: "northeast_asia", zone: "Asia/Tokyo", attach: "Mạc Tuấn Kiệt", head: "Đoàn Thanh Hương" };

const on = stage();

for (const as of combinations) test(`a region is paused and let go, ${named(as)}`, () => journey(as, vientiane, tokyo));

async function journey(as, here, elsewhere) {
  const { product } = on;
  const { say, name, look, enter, leave } = cast(on, as, "crisis");
  const body = "Kính mời quý vị tham dự.";
  const due = 4;
  const write = (who, zone, headline) => submit(product, who.page, say, { headline: `${headline} (${name})`, body, wall: wallIn(zone, due) });

  const writer = await enter(here.attach);
  const now = await write(writer, here.zone, "Ra ngay");
  const later = await write(writer, here.zone, "Lùi lại");
  const never = await write(writer, here.zone, "Bỏ");
  const ambassador = await enter(here.head);
  for (const item of [now, later, never]) await approve(product, ambassador.page, say, item);
  const colleague = await enter(elsewhere.attach);
  const abroad = await write(colleague, elsewhere.zone, "Nơi khác");
  const theirs = await enter(elsewhere.head);
  await approve(product, theirs.page, say, abroad);

  // The region, with a reason.
  const desk = await enter(approver);
  await desk.page.goto(`${product.address}/stops`);
  await desk.page.locator("#what").selectOption(`region:${here.region}`);
  await desk.page.locator("#reason").fill(`Động đất (${name})`);
  await look(desk.page, "stops");
  await desk.page.getByRole("button", { name: say("stops-go"), exact: true }).click();
  await desk.page.waitForURL(/\/stops\/[^/]+$/);
  await desk.page.locator("#flying").waitFor();
  await look(desk.page, "in-force");
  const stop = desk.page.url();

  // The mission is told, what comes due is held; elsewhere it goes out.
  await writer.page.goto(`${product.address}${now}`);
  await writer.page.locator("#stops-banner").getByText(`Động đất (${name})`).waitFor();
  await colleague.page.goto(`${product.address}${abroad}`);
  await colleague.page.locator("#item-state").getByRole("link", { name: say("items-see-it") }).waitFor({ timeout: 300_000 });
  for (const item of [now, later, never]) {
    await writer.page.goto(`${product.address}${item}`);
    await writer.page.getByText(say("items-deliveries")).click();
    await writer.page.locator("details").getByText(say("delivery-state-held")).waitFor({ timeout: 120_000 });
  }
  await look(writer.page, "held");

  // Letting go: nothing bursts out, each is decided on.
  await desk.page.goto(stop);
  await desk.page.getByRole("button", { name: say("stops-lift") }).click();
  await desk.page.locator("#confirm-dialog [data-confirm-go]").click();
  await desk.page.waitForURL(/show=held/);
  await look(desk.page, "triage");
  await desk.page.getByRole("checkbox", { name: say("delivery-choose").replace("{ $title }", `Ra ngay (${name})`) }).check();
  await desk.page.getByRole("button", { name: say("deliveries-release") }).click();
  await desk.page.locator("#confirm-dialog [data-confirm-go]").click();
  await writer.page.goto(`${product.address}${now}`);
  await writer.page.locator("#item-state").getByRole("link", { name: say("items-see-it") }).waitFor({ timeout: 120_000 });

  // A new time is a new version, which is approved anew.
  await writer.page.goto(`${product.address}${later}`);
  await writer.page.getByRole("button", { name: say("items-reopen") }).click();
  await writer.page.locator("#confirm-dialog [data-confirm-go]").click();
  await writer.page.waitForURL(/\/edit$/);
  await writer.page.locator("#wall").fill(wallIn(here.zone, 24 * 60));
  await writer.page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await writer.page.getByRole("button", { name: say("items-submit") }).click();
  await writer.page.waitForURL(new RegExp(`${later}$`));
  await approve(product, ambassador.page, say, later);

  await writer.page.goto(`${product.address}${never}`);
  await writer.page.locator("summary", { hasText: say("items-cancel") }).click();
  await writer.page.getByRole("button", { name: say("items-cancel-now") }).click();
  await writer.page.locator("#item-state").getByText(say("item-says-cancelled")).waitFor({ timeout: 60_000 });
  await look(writer.page, "dropped");
  await leave();
}
