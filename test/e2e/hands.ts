/**
 * Two ways through the same page, counting: a step is one activation (a click; a key that presses, chooses or moves a value). Moving the
 * focus does not count, and neither does typing into a field, which both do alike.
 */
import type { Locator, Page } from "@playwright/test";
import { expect } from "./watched-page.ts";

export interface Hand {
  readonly steps: number;
  press(target: Locator): Promise<void>;
  /** Into a field, and done with it. */
  write(field: Locator, text: string): Promise<void>;
  choose(list: Locator, option: string): Promise<void>;
  /** A tab of a row of tabs. */
  open(tab: Locator): Promise<void>;
  /** Some way back on a slider. */
  rewind(slider: Locator): Promise<void>;
}

/** Where an option of a list stands, and which one is chosen. */
async function placeOf(list: Locator, option: string): Promise<{ wanted: number; chosen: number }> {
  return list.evaluate((element, label) => {
    const { options, selectedIndex } = element as HTMLSelectElement;
    return { wanted: [...options].findIndex((one) => one.label === label || one.value === label), chosen: selectedIndex };
  }, option);
}

export function pointer(): Hand {
  let steps = 0;
  const press = async (target: Locator) => {
    await target.click();
    steps++;
  };
  return {
    get steps() {
      return steps;
    },
    press,
    async write(field, text) {
      await field.click();
      await field.fill(text);
      await field.press("Enter");
      steps++;
    },
    async choose(list, option) {
      // The browser draws the open list itself: opening it is the click that counts here, choosing the other one.
      await list.selectOption(option);
      steps += 2;
    },
    open: press,
    async rewind(slider) {
      const box = await slider.boundingBox();
      const share = await slider.evaluate((element) => {
        const { value, max } = element as HTMLInputElement;
        return Number(value) / Number(max);
      });
      await slider.click({
        position: { x: share * 0.7 * (box?.width ?? 0), y: (box?.height ?? 0) / 2 },
      });
      steps++;
    },
  };
}

export function keyboard(page: Page): Hand {
  let steps = 0;
  /** With the focus where the key goes: what cannot take it cannot be used without a mouse. */
  const key = async (target: Locator, name: string) => {
    await target.focus();
    await expect(target).toBeFocused();
    await page.keyboard.press(name);
    steps++;
  };
  return {
    get steps() {
      return steps;
    },
    press: (target) => key(target, "Enter"),
    async write(field, text) {
      await field.focus();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText(text);
      await key(field, "Enter");
    },
    async choose(list, option) {
      // Offered once the worker has read the text, which the other hand waits for too.
      await expect.poll(async () => (await placeOf(list, option)).wanted).toBeGreaterThanOrEqual(0);
      const { wanted, chosen } = await placeOf(list, option);
      await list.focus();
      for (let at = chosen; at !== wanted; at += Math.sign(wanted - at))
        await page.keyboard.press(wanted > at ? "ArrowDown" : "ArrowUp");
      // Arrows walk in the list; the way there and the choice, as with the other hand.
      steps += 2;
      expect(await placeOf(list, option)).toEqual({ wanted, chosen: wanted });
    },
    async open(tab) {
      const row = tab.locator("xpath=..");
      for (let turn = 0; turn < 6 && (await tab.getAttribute("aria-selected")) !== "true"; turn++)
        await key(row.locator('[role="tab"][aria-selected="true"]'), "ArrowRight");
      await expect(tab).toHaveAttribute("aria-selected", "true");
    },
    rewind: (slider) => key(slider, "PageDown"),
  };
}
