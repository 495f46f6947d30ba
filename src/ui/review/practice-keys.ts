/** Keys of the practice page, by their place on the keyboard, so that a Cyrillic layout works as well. */
import type { Rating } from "#cards";

export type PracticeKey =
  /** Shows the answer; on the answer takes the proposed rating, or Good. */
  { kind: "show" | "undo" | "suspend" | "bury" | "edit" | "flag" } | { kind: "rate"; rating: Rating };

type KeyPress = Pick<KeyboardEvent, "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "repeat"> & {
  target: EventTarget | null;
};

const ratingKeys: Readonly<Record<string, Rating>> = {
  Digit1: 1,
  Digit2: 2,
  Digit3: 3,
  Digit4: 4,
  Numpad1: 1,
  Numpad2: 2,
  Numpad3: 3,
  Numpad4: 4,
};

const actKeys: Readonly<Record<string, "suspend" | "bury" | "edit" | "flag">> = {
  KeyS: "suspend",
  KeyB: "bury",
  KeyE: "edit",
  KeyF: "flag",
};

/** @returns undefined for keys that are not ours, are held down, or belong to the control that has the focus. */
export function readKey(press: KeyPress): PracticeKey | undefined {
  if (press.altKey || press.repeat) return undefined;
  if (matches(press.target, "input, select, textarea, dialog, [contenteditable]")) return undefined;
  if (press.code === "KeyZ") return { kind: "undo" };
  if (press.ctrlKey || press.metaKey) return undefined;
  // The space bar presses a focused button by itself.
  if (press.code === "Space") return matches(press.target, "button, a[href], summary") ? undefined : { kind: "show" };
  if (press.shiftKey) return undefined;
  const act = actKeys[press.code];
  if (act) return { kind: act };
  const rating = ratingKeys[press.code];
  return rating === undefined ? undefined : { kind: "rate", rating };
}

function matches(target: EventTarget | null, selector: string): boolean {
  return target !== null && "closest" in target && typeof target.closest === "function" && target.closest(selector) !== null;
}
