import { startProduct, startBrowser, sizes } from "/work/main/tests/journeys/harness.js";
import { attach, head, signIn, wallIn } from "/work/main/tests/journeys/people.js";
import { words } from "/work/main/tests/journeys/words.js";
const product = await startProduct();
console.log("up", product.address); const browser = await startBrowser();
try {
  for (const [size, lang] of [["desktop","vi"],["phone","en"]]) {
    const context = await browser.newContext({ viewport: sizes[size], locale: lang });
    const page = await context.newPage();
    const msgs=[]; page.on("console", m=>msgs.push(m.text())); page.on("pageerror", e=>msgs.push("ERR "+e));
    const say = words(lang);
    await page.goto(`${product.address}/demo?lang=${lang}`);
    await signIn(page, attach, say);
    await page.screenshot({ path: `/tmp/calshots/${size}-home.png`, fullPage: true });
    await page.goto(`${product.address}/items`); await page.screenshot({ path: `/tmp/calshots/${size}-items.png`, fullPage: true });
    await page.goto(`${product.address}/items/new`); await page.screenshot({ path: `/tmp/calshots/${size}-new.png`, fullPage: true });
    await page.getByRole("button", { name: say("item-kind-statement") }).click();
    await page.waitForURL(/\/edit$/);
    const item = new URL(page.url()).pathname.replace(/\/edit$/, "");
    await page.locator("#title").fill("Tuần Văn hóa Việt Nam");
    await page.locator("#body").fill("Lễ khai mạc diễn ra lúc 18 giờ.\n\nKính mời bạn bè Lào tham dự.");
    await page.waitForTimeout(3500);
    await page.screenshot({ path: `/tmp/calshots/${size}-edit.png`, fullPage: true });
    // add a channel
    const add = page.locator("#channels .channel-add button").last();
    await add.click(); await page.waitForLoadState();
    await page.screenshot({ path: `/tmp/calshots/${size}-edit2.png`, fullPage: true });
    await page.setInputFiles("#image-file", "/work/main/target/../shared/web/browser/node_modules/@tabler/core/../../../x.png").catch(()=>{});
    await page.goto(`${product.address}${item}`); await page.screenshot({ path: `/tmp/calshots/${size}-item.png`, fullPage: true });
    await page.goto(`${product.address}/items?group=out`); 
    await page.locator(".item-row").first().click(); await page.waitForLoadState("networkidle"); await page.screenshot({ path: `/tmp/calshots/${size}-out.png`, fullPage: true });
    await page.goto(`${product.address}/campaigns`); await page.screenshot({ path: `/tmp/calshots/${size}-campaigns.png`, fullPage: true });
    const c2 = await browser.newContext({ viewport: sizes[size], locale: lang }); const p2 = await c2.newPage();
    await p2.goto(`${product.address}/demo?lang=${lang}`);
    await signIn(p2, head, say);
    await p2.goto(`${product.address}/approvals`); await p2.screenshot({ path: `/tmp/calshots/${size}-approvals.png`, fullPage: true });
    const row = p2.locator(".item-row").first();
    if (await row.count()) { await row.click(); await p2.waitForLoadState("networkidle"); await p2.screenshot({ path: `/tmp/calshots/${size}-approval.png`, fullPage: true }); }
    console.log(size, msgs.slice(0,8));
  }
} finally { await browser.close(); await product.stop(); }
