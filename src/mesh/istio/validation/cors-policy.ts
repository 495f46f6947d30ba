/** CORS policy of an http entry. */
import { child, durationMs, type Field, isSet, items, text } from "../../resource/field.ts";
import { validateHeaderName } from "./headers.ts";
import { validateDuration } from "./numbers.ts";
import { validateRegexMatch } from "./string-match.ts";
import { reject, type Verdict } from "./verdict.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"];

export function validateCorsPolicy(verdict: Verdict, policy: Field): void {
  if (!isSet(policy)) return;
  for (const origin of items(child(policy, "allowOrigins"))) {
    const given = ["exact", "prefix", "regex"].some((name) => text(child(origin, name)) !== "");
    if (given) validateRegexMatch(verdict, origin);
    else reject(verdict, "MESH1245", origin, { fields: "exact, prefix, regex" });
  }
  for (const method of items(child(policy, "allowMethods"))) {
    if (!methods.includes(text(method)))
      reject(verdict, "MESH1246", method, { value: text(method), allowed: methods.join(", ") });
  }
  for (const header of [...items(child(policy, "allowHeaders")), ...items(child(policy, "exposeHeaders"))]) {
    if (text(header) !== "*") validateHeaderName(verdict, header, text(header));
  }
  const maxAge = child(policy, "maxAge");
  validateDuration(verdict, maxAge);
  if (isSet(maxAge) && (durationMs(maxAge) ?? 0) % 1000 !== 0) reject(verdict, "MESH1326", maxAge, { value: text(maxAge) });
}
