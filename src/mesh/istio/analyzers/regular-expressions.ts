/** IST0122: an expression that cannot be read, in the matches and allowed origins of a VirtualService. */
import { at, child, entries, type Field, items, pathOf, text } from "../../resource/field.ts";
import { isRe2 } from "../validation/regular-expression.ts";
import { type Analyzer, virtualService } from "./analyzer.ts";
import { specOf } from "./cluster.ts";

export const regularExpressions: Analyzer = {
  codes: ["IST0122"],
  analyze(cluster, report) {
    for (const resource of cluster.of(virtualService)) {
      for (const match of items(child(specOf(resource), "http")).flatMap(stringMatches)) {
        const regex = child(match, "regex");
        const value = text(regex);
        if (value !== "" && !isRe2(value)) report(resource, { code: "IST0122", path: pathOf(regex), params: { value } });
      }
    }
  },
};

/** `withoutHeaders` is not looked at, as in Istio. */
function stringMatches(route: Field): Field[] {
  const matches = items(child(route, "match")).flatMap((match) => [
    ...["uri", "scheme", "method", "authority"].map((name) => child(match, name)),
    ...entries(child(match, "headers")),
    ...entries(child(match, "queryParams")),
  ]);
  return [...matches, ...items(at(route, "corsPolicy", "allowOrigins"))];
}
