import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../../../src/ui/shared/tokens.css", import.meta.url), "utf8");

function colours(selector: string): Map<string, [number, number, number]> {
  const start = css.indexOf(selector);
  const block = css.slice(css.indexOf("{", start) + 1, css.indexOf("\n}", start));
  return new Map(
    [...block.matchAll(/--mw-([\w-]+): #([0-9a-f]{6});/g)].map(([, name = "", hex = ""]) => {
      const number = Number.parseInt(hex, 16);
      return [name, [number >> 16, (number >> 8) & 255, number & 255]];
    }),
  );
}

const themes = { dark: colours(':root[data-theme="dark"]'), light: colours(':root[data-theme="light"]') };

/** WCAG 2 relative luminance. */
function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const value = channel / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const hues = ["data-plane", "control-plane", "identity"];
const states = ["healthy", "slow", "failing", "ejected", "crashed", "error", "warning", "info", "success"];
const onSurface = ["text", "text-strong", "text-muted", "link", "accent", ...hues, ...states];

describe.each(Object.entries(themes))("tokens of the %s theme", (_theme, tokens) => {
  const of = (name: string): [number, number, number] => {
    const colour = tokens.get(name);
    if (!colour) throw new Error(`--mw-${name} has no colour`);
    return colour;
  };

  it.each(onSurface)("%s is readable on both surfaces", (name) => {
    expect(contrast(of(name), of("surface"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of(name), of("surface-raised"))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...hues, ...states])("%s and the text are readable on its soft background", (name) => {
    expect(contrast(of("text"), of(`${name}-soft`))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of(name), of(`${name}-soft`))).toBeGreaterThanOrEqual(4.5);
  });

  it("keeps other pairs that carry text or meaning apart", () => {
    expect(contrast(of("on-accent"), of("accent"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("text-strong"), of("accent-soft"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("text"), of("surface-sunken"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("diagram-text"), of("diagram-node"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("diagram-text"), of("diagram-group"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(of("diagram-text"), of("diagram-note"))).toBeGreaterThanOrEqual(4.5);
    for (const name of ["border-strong", "diagram-line", "focus"])
      expect(contrast(of(name), of("surface"))).toBeGreaterThanOrEqual(3);
  });
});

it("both themes give the same tokens a colour", () => {
  expect([...themes.light.keys()].sort()).toEqual([...themes.dark.keys()].sort());
});
