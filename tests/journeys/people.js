// The demonstration's people, and what they do everywhere.

export const attach = "Lê Thảo Nguyên";
export const head = "Trần Hải Đăng";
export const approver = "Hoàng Minh Triết";
export const administrator = "Vũ Hà My";
export const contributor = "Ngô Phương Thùy";
export const steward = "Cao Hoài An";

/** Signs in with one click, as on the demonstration's first page. */
export async function signIn(page, person, say, address) {
  if (address) await page.goto(address);
  const button = page.getByRole("button", { name: say("demo-as-name").replace("{ $name }", person) });
  // Those who are no example of a role stand folded away.
  if (!(await button.isVisible())) await page.locator("summary", { hasText: say("demo-more") }).click();
  await button.click();
  await page.waitForURL((url) => url.pathname === "/");
  await page.locator("main h1").waitFor();
}

/** What a clock on the wall shows there in so many minutes, as a time field wants it. */
export function wallIn(zone, minutes) {
  const at = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + (minutes - 1) * 60_000);
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    })
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}
