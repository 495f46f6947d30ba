import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { deriveSchemas } from "../../../src/mesh/schema/derive-schemas.ts";
import { istio, verdict } from "../support/verdict.ts";

test("the committed table is what the packages give (run src/mesh/schema/derive-schemas.ts after an update)", () => {
  const file = new URL("../../../src/mesh/schema/schemas.generated.json", import.meta.url);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(deriveSchemas())));
});
