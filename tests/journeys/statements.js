// What several journeys do with a statement: write it, have it approved.

/** Writes a statement for the public that is ready to be submitted; answers its address. `wall` is on the mission's own clock. */
export async function write({ address }, page, say, { headline, body, wall, release = "at_time" }) {
  await page.goto(`${address}/items/new`);
  await page.getByRole("button", { name: say("item-kind-statement") }).click();
  await page.waitForURL(/\/items\/[^/]+\/edit$/);
  const item = new URL(page.url()).pathname.replace(/\/edit$/, "");
  await page.locator("#title").fill(headline);
  await page.locator("#body").fill(body);
  await page.locator("#wall").fill(wall);
  await page.locator("#release").selectOption(release);
  await page.locator("#scope-select").selectOption("public");
  await page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  return item;
}

/** Writes such a statement and submits it. */
export async function submit(product, page, say, statement) {
  const item = await write(product, page, say, statement);
  await page.getByRole("button", { name: say("items-submit") }).click();
  await page.waitForURL(new RegExp(`${item}$`));
  return item;
}

/** Takes the step of approval that waits for whoever is signed in; `done` is what they are told. */
export async function approve({ address }, page, say, item, done = "approvals-approved") {
  await page.goto(`${address}${item.replace("/items/", "/approvals/")}`);
  await page.getByRole("button", { name: say("approvals-approve") }).click();
  await page.locator("#confirm-dialog [data-confirm-go]").click();
  await page.locator(".shell-flash", { hasText: say(done) }).waitFor();
}
