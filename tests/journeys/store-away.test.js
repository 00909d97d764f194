// The store of files goes away while people work: the pages say what happened and what is kept, and everything that needs no
// file goes on.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cast, combinations, named, putIn, stage, startProduct } from "./harness.js";
import { contributor } from "./people.js";
import { startS3 } from "./s3.js";

const on = stage(async () => {
  const s3 = await startS3();
  return { s3, product: await startProduct(["--demo"], s3.environment) };
});

test("the store of files goes away", async (t) => {
  const people = [];
  for (const as of combinations) {
    const actors = cast(on, as, "store-away");
    const { page } = await actors.enter(contributor);
    const picture = { name: `${actors.name}.png`, mimeType: "image/png", buffer: await page.screenshot({ type: "png" }) };
    people.push({ as, actors, asset: await putIn(on.product, page, picture), picture });
  }
  await on.s3.stop();
  for (const one of people) await t.test(named(one.as), () => journey(one));
});

async function journey({ actors, asset, picture }) {
  const { say, look, enter, leave, name } = actors;
  const { address } = on.product;
  // A browser that has not kept the picture.
  const { page } = await enter(contributor);
  await page.goto(`${address}${asset}`);
  await page.locator("#problems").getByText(say("assets-storage-unavailable")).waitFor({ timeout: 60_000 });
  await page.getByText(picture.name).first().waitFor();
  await look(page, "asset");

  // Words need no store.
  await page.goto(`${address}${asset}/edit`);
  await page.locator("#title-vi").fill(`Không có kho (${name})`);
  await page.getByRole("button", { name: say("assets-save"), exact: true }).click();
  await page.getByRole("heading", { name: `Không có kho (${name})` }).first().waitFor();

  await page.goto(`${address}/assets/uploads`);
  const file = { name: `sau-${picture.name}`, mimeType: "image/png", buffer: Buffer.concat([picture.buffer, Buffer.from("x")]) };
  await page.locator("#files").setInputFiles(file);
  const line = page.locator("#uploads-list li", { hasText: file.name });
  await line.getByText(say("assets-storage-unavailable")).waitFor({ timeout: 120_000 });
  await line.getByText(say("uploads-say-trying")).waitFor();
  assert.equal(await line.getAttribute("data-state"), null, "it is not given up");
  await look(page, "upload");

  await leave((text) => /\b503\b|status of 503/.test(text));
}
