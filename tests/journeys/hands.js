// The same deeds by mouse or by keyboard only: who has no mouse must get everywhere with Tab, arrows, Space and Enter.

const FURTHEST = 400;

/** How one person works on one page; `keyboard` for who has no mouse. */
export function hands(page, keyboard) {
  const focused = (locator) => locator.evaluate((element) => element === document.activeElement);

  /** Tabs on until the element has the focus. */
  async function reach(locator) {
    await locator.waitFor();
    for (let step = 0; step < FURTHEST; step++) {
      if (await focused(locator)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard never reaches ${locator}`);
  }

  return {
    async press(locator) {
      if (!keyboard) return locator.click();
      await reach(locator);
      await page.keyboard.press("Enter");
    },
    async fill(locator, text) {
      if (!keyboard) return locator.fill(text);
      await reach(locator);
      // How a time is typed depends on the browser's language; that it is reached does not.
      const type = await locator.getAttribute("type");
      if (type === "datetime-local" || type === "time") return locator.fill(text);
      await page.keyboard.press("Control+A");
      await page.keyboard.press("Delete");
      await page.keyboard.insertText(text);
    },
    async tick(locator) {
      if (!keyboard) return locator.check();
      await reach(locator);
      if (!(await locator.isChecked())) await page.keyboard.press("Space");
    },
    /** Chooses in a group of radio buttons, which is one stop for Tab. */
    async pick(locator) {
      if (!keyboard) return locator.check();
      const group = page.locator(`input[type=radio][name="${await locator.getAttribute("name")}"]`);
      const chosen = group.and(page.locator(":checked"));
      await reach((await chosen.count()) > 0 ? chosen : group.first());
      for (let step = 0; step < (await group.count()) && !(await locator.isChecked()); step++) await page.keyboard.press("ArrowDown");
    },
    async choose(locator, value) {
      if (!keyboard) return locator.selectOption(value);
      await reach(locator);
      const at = (name) => locator.evaluate((select, wanted) => [...select.options].findIndex((option) => (wanted === null ? option.selected : option.value === wanted)), name);
      for (let step = (await at(value)) - (await at(null)); step !== 0; step += step > 0 ? -1 : 1) {
        await page.keyboard.press(step > 0 ? "ArrowDown" : "ArrowUp");
      }
    },
  };
}
