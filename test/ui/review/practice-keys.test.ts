import { describe, expect, test } from "vitest";
import { readKey } from "../../../src/ui/review/practice-keys.ts";

/** A control that has the focus, as far as `closest` can tell. */
const focusOn = (tag: string) =>
  Object.assign(new EventTarget(), { closest: (selector: string) => (selector.split(", ").includes(tag) ? {} : null) });
const press = (code: string, over: object = {}) =>
  readKey({
    code,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    target: focusOn("section"),
    ...over,
  });

describe("keys go by their place, not by their letter", () => {
  test.each([
    ["Space", { kind: "show" }],
    ["Digit1", { kind: "rate", rating: 1 }],
    ["Digit4", { kind: "rate", rating: 4 }],
    ["Numpad3", { kind: "rate", rating: 3 }],
    ["KeyZ", { kind: "undo" }],
    ["KeyS", { kind: "suspend" }],
    ["KeyB", { kind: "bury" }],
    ["KeyE", { kind: "edit" }],
    ["KeyF", { kind: "flag" }],
    ["Digit5", undefined],
    ["Enter", undefined],
  ])("%s", (code, expected) => {
    expect(press(code)).toEqual(expected);
  });

  test("Ctrl+Z undoes too, other shortcuts of the browser are left alone", () => {
    expect(press("KeyZ", { ctrlKey: true })).toEqual({ kind: "undo" });
    expect(press("Digit1", { ctrlKey: true })).toBeUndefined();
    expect(press("Digit1", { metaKey: true })).toBeUndefined();
    expect(press("Digit1", { altKey: true })).toBeUndefined();
  });

  test("a key held down answers one card", () => {
    expect(press("Digit3", { repeat: true })).toBeUndefined();
  });

  test("a focused control keeps its keys: the space bar presses a button once, digits choose in a list", () => {
    expect(press("Space", { target: focusOn("button") })).toBeUndefined();
    expect(press("Digit3", { target: focusOn("button") })).toEqual({ kind: "rate", rating: 3 });
    expect(press("Digit3", { target: focusOn("select") })).toBeUndefined();
    expect(press("KeyZ", { target: focusOn("input") })).toBeUndefined();
  });
});
