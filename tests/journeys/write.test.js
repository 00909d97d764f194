// Writing in three languages: preflight finds what is wrong, each thing is mended by what its sentence says, an earlier
// version comes back, a translation stands beside its source, and somebody is mentioned.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { checkAccessibility, checkFits, openPage, picture, startBrowser, startProduct } from "./harness.js";
import { administrator, attach, head, signIn, wallIn } from "./people.js";
import { words } from "./words.js";

let product;
let browser;

before(async () => {
  product = await startProduct();
  browser = await startBrowser();
  await keepLists();
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Headquarters keeps the lists: a name in three languages from a file, and a word that is not to be used. */
async function keepLists() {
  const say = words("vi");
  const { page, context, complaints } = await openPage(browser, { language: "vi" });
  await signIn(page, administrator, say, `${product.address}/demo?lang=vi`);
  await page.goto(`${product.address}/names`);
  await page.locator("summary", { hasText: say("names-import") }).click();
  const file = "term,language,approved,avoid,locked\neast_sea,vi,Biển Đông,biển Nam Trung Hoa = không phải tên gọi của ta,có\neast_sea,en,East Sea,South China Sea = not our name,yes\nbad,xx yy,Z,,\n";
  await page.locator("#file").setInputFiles({ name: "danh-muc.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await page.getByRole("button", { name: say("names-import-go") }).click();
  await page.locator("#imported").getByText(say("names-language-unknown")).waitFor();
  await page.getByText("East Sea", { exact: true }).first().waitFor();
  await picture(page, "write-names");
  await checkAccessibility(page, "names");
  await page.goto(`${product.address}/words`);
  await page.locator("#word").fill("sáp nhập");
  await page.locator("#advice").fill("Dùng “hợp nhất” theo hướng dẫn của Vụ.");
  await page.locator("[name=blocking]").check();
  await page.getByRole("button", { name: say("words-add-go"), exact: true }).click();
  await page.getByText("sáp nhập", { exact: true }).first().waitFor();
  await picture(page, "write-words");
  await checkAccessibility(page, "words");
  assert.deepEqual(complaints, []);
  await context.close();
}

for (const as of [
  { language: "vi", size: "desktop", colours: "light" },
  { language: "en", size: "phone", colours: "dark" },
]) {
  test(`five problems are found and mended in ${as.language} on a ${as.size}`, () => journey(as));
}

async function journey(as) {
  const say = words(as.language);
  const name = `write-${as.language}-${as.size}`;
  const { page, context, complaints } = await openPage(browser, as);
  const look = async (what) => {
    await picture(page, `${name}-${what}`);
    await checkAccessibility(page, `${what} (${name})`);
    await checkFits(page, `${what} (${name})`);
  };
  const saved = () => page.locator('[data-autosave-status][data-state="saved"]').waitFor();
  const finding = (text) => page.locator("#checklist li", { hasText: text });

  await signIn(page, attach, say, `${product.address}/demo?lang=${as.language}`);
  await page.goto(`${product.address}/items/new`);
  await page.getByRole("button", { name: say("item-kind-statement") }).click();
  await page.waitForURL(/\/items\/[^/]+\/edit$/);
  const item = new URL(page.url()).pathname.replace(/\/edit$/, "");

  // Something marked as a state secret is refused, stays on the screen and is kept nowhere.
  await page.locator("#body").fill("TỐI MẬT\nNội dung.");
  await page.locator('[data-autosave-status][data-state="refused"]', { hasText: "TỐI MẬT" }).waitFor();
  assert.equal(await page.locator("#body").inputValue(), "TỐI MẬT\nNội dung.");
  assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes("TỐI MẬT")), false);
  await look("marked");

  // The language of the source, then variants in two more.
  await page.locator("#language").selectOption("vi");
  await page.locator("#title").fill("Hòa bình, ổn định ở khu vực");
  await page.locator("#body").fill("Hai bên nhấn mạnh hòa bình ở biển Nam Trung Hoa.\n\nHai đơn vị đã sáp nhập từ tháng trước.");
  await page.locator("#wall").fill(wallIn("Asia/Vientiane", 60));
  await saved();
  for (const tag of ["vi", "en", "lo"]) {
    const language = say(`language-${tag}`);
    const add = page.locator(".channel-add button", { hasText: language }).first();
    if ((await add.count()) === 0) continue;
    await add.click();
    await page.locator(".channel legend", { hasText: language }).first().waitFor();
  }
  await finding("Biển Đông").waitFor();
  await finding("sáp nhập").waitFor();
  const english = finding(say("language-en"));
  await english.first().waitFor();
  await look("found");

  // 1: the approved name, from the look-up.
  await page.locator("#name-lookup summary").click();
  await page.locator("#name-language").selectOption("vi");
  await page.locator("#name-text").fill("nam trung hoa");
  await page.locator("#body").fill("Hai bên nhấn mạnh hòa bình ở ");
  await page.locator("#body").press("End");
  await page.locator('#name-found [data-insert="Biển Đông"]').click();
  assert.equal(await page.locator("#body").inputValue(), "Hai bên nhấn mạnh hòa bình ở Biển Đông");
  await finding("Nam Trung Hoa").waitFor({ state: "detached" });
  // 2: the word, replaced as advised.
  await page.locator("#body").fill("Hai bên nhấn mạnh hòa bình ở Biển Đông.\n\nHai đơn vị đã hợp nhất từ tháng trước.");
  await finding("sáp nhập").waitFor({ state: "detached" });
  // 3: the scope.
  await page.locator("#scope-select").selectOption("public");
  await finding(say("check-scope-internal")).waitFor({ state: "detached" });
  await saved();

  // 4 and 5: the translations, beside their source.
  for (const [tag, headline, paragraphs] of [
    ["en", "Peace and stability in the region", ["Both sides stressed peace in the East Sea.", "The two offices merged last month."]],
    ["lo", "ສັນຕິພາບ ແລະ ສະຖຽນລະພາບ", ["ທັງສອງຝ່າຍເນັ້ນໜັກສັນຕິພາບ.", "ສອງຫ້ອງການໄດ້ລວມກັນແລ້ວ."]],
  ]) {
    await page.goto(`${product.address}${item}`);
    const link = page.locator(`.translations a[href*="/translate/"]`, { hasText: say(`language-${tag}`) }).first();
    if ((await link.count()) === 0) continue;
    await link.click();
    await page.locator("#p-1").waitFor();
    const title = page.locator("#t-title");
    if ((await title.count()) > 0) await title.fill(headline);
    for (const [number, paragraph] of paragraphs.entries()) await page.locator(`#p-${number + 1}`).fill(paragraph);
    await saved();
    if (tag === "en") await look("translation");
    await page.getByRole("button", { name: say("translation-mark") }).click();
    await page.locator('[data-standing="translated"]').waitFor();
  }
  await page.goto(`${product.address}${item}/edit`);
  await page.locator("#checklist").getByText(say("checklist-ready")).waitFor();
  await look("ready");

  // An earlier version comes back, and what it replaces stays.
  await page.goto(`${product.address}${item}/versions`);
  await look("versions");

  // Somebody is told.
  await page.goto(`${product.address}${item}`);
  await page.locator("#mention summary").click();
  await page.locator(`[data-insert="@${head}"]`).click();
  await page.locator("#comment").pressSequentially(" xem giúp.");
  await page.getByRole("button", { name: say("items-comment-send") }).click();
  await page.locator(".thread", { hasText: `@${head}` }).waitFor();
  await page.locator(".shell-flash", { hasText: head }).waitFor();
  await look("remarks");

  assert.deepEqual(complaints.filter((line) => !line.includes("422")), []);
  await context.close();
}
