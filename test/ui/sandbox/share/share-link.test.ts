import fc from "fast-check";
import { deflateSync, strToU8 } from "fflate";
import { expect, test } from "vitest";
import { decodeShareHash, encodeShareHash, hasSharedState } from "../../../../src/ui/sandbox/share/share-link.ts";
import { whileWorking } from "../../../support/speed.ts";

const state = fc.record({
  files: fc.array(fc.record({ name: fc.string(), text: fc.string({ unit: "grapheme" }) }), { minLength: 1, maxLength: 4 }),
  seed: fc.nat(),
  scenario: fc.string(),
});

test("whatever fits into a link comes out as it went in", () => {
  fc.assert(
    fc.property(state, (shared) => {
      const hash = encodeShareHash(shared);
      if (!hash.ok) return;
      expect(hasSharedState(hash.value)).toBe(true);
      expect(hash.value).toMatch(/^#[\w.-]+$/);
      expect(decodeShareHash(hash.value)).toEqual({ ok: true, value: shared });
    }),
    { numRuns: whileWorking(40, 200) },
  );
});

test("a link made by the first version still opens", () => {
  expect(decodeShareHash("#s1.q1ZKU7KKjlbKTS3O0KtMzM1R0lHKzsxLsVIITi0qy0xOjclTio3VUSpWsjLXUcpRslJKTsxLLKpUqgUA")).toEqual({
    ok: true,
    value: { files: [{ name: "mesh.yaml", text: "kind: Service\n" }], seed: 7, scenario: "canary" },
  });
});

test("a cut, foreign or newer link is a typed failure", () => {
  const whole = encodeShareHash({ files: [{ name: "a", text: "kind: Service\n".repeat(50) }], seed: 1, scenario: "" });
  const hash = whole.ok ? whole.value : "";
  expect(decodeShareHash(hash.slice(0, -12))).toEqual({ ok: false, error: "damaged" });
  expect(decodeShareHash("#s1.%%%")).toEqual({ ok: false, error: "damaged" });
  expect(decodeShareHash("#s3.abc")).toEqual({ ok: false, error: "newerVersion" });
  expect(hasSharedState("#heading")).toBe(false);
});

test("valid compression of something else is refused", () => {
  for (const json of [
    "[]",
    "null",
    '{"f":[],"s":1,"l":""}',
    '{"f":[["a",1]],"s":1,"l":""}',
    '{"f":[["a","b"]],"s":"1","l":""}',
  ]) {
    const body = Buffer.from(deflateSync(strToU8(json))).toString("base64url");
    expect(decodeShareHash(`#s1.${body}`)).toEqual({ ok: false, error: "damaged" });
  }
});

test("a small link that unpacks to a huge text is refused instead of filling the memory", () => {
  const body = Buffer.from(deflateSync(strToU8(" ".repeat(20_000_000)))).toString("base64url");
  expect(decodeShareHash(`#s1.${body}`)).toEqual({ ok: false, error: "damaged" });
});

test("text that would make an unusable link is refused with a reason", () => {
  const noise = fc.sample(fc.string({ minLength: 40, maxLength: 40 }), { seed: 1, numRuns: 2500 }).join("");
  const hash = encodeShareHash({ files: [{ name: "a", text: noise }], seed: 1, scenario: "" });
  expect(hash.ok ? hash.value.length : hash.error).toBe("tooLong");
});
