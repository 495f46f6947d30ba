/** RequestAuthentication: issuers, keys, and where the token stands. */
import { child, type Field, isSet, items, text } from "../../resource/field.ts";
import { isStrictHeaderName } from "./headers.ts";
import { validateDuration } from "./numbers.ts";
import { validateTargets } from "./selectors.ts";
import { parseUrl } from "./url.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export function validateRequestAuthentication(verdict: Verdict, spec: Field): void {
  validateTargets(verdict, spec);
  for (const rule of items(child(spec, "jwtRules"))) validateRule(verdict, rule);
}

function validateRule(verdict: Verdict, rule: Field): void {
  for (const list of ["audiences", "fromParams", "fromCookies"]) {
    for (const entry of items(child(rule, list))) if (text(entry) === "") reject(verdict, "MESH1330", entry, { field: list });
  }
  const uri = child(rule, "jwksUri");
  if (text(child(rule, "issuer")) === "" && text(uri) === "") reject(verdict, "MESH1245", rule, { fields: "issuer, jwksUri" });
  if (text(uri) !== "") {
    const scheme = parseUrl(text(uri))?.scheme;
    if (scheme !== "http" && scheme !== "https") reject(verdict, "MESH1331", uri, { value: text(uri), allowed: "http, https" });
  }
  const keys = child(rule, "jwks");
  if (text(keys) !== "" && !isKeySet(text(keys))) reject(verdict, "MESH1332", keys);
  for (const header of items(child(rule, "fromHeaders"))) {
    if (text(child(header, "name")) === "") rejectMissing(verdict, child(header, "name"));
  }
  for (const output of items(child(rule, "outputClaimToHeaders"))) {
    const [claim, header] = [child(output, "claim"), child(output, "header")];
    const empty = [claim, header].filter((field) => text(field) === "");
    for (const field of empty) rejectMissing(verdict, field);
    if (empty.length === 0 && !isStrictHeaderName(text(header))) reject(verdict, "MESH1229", header, { value: text(header) });
  }
  if (isSet(child(rule, "timeout"))) validateDuration(verdict, child(rule, "timeout"));
}

/** A JSON Web Key Set, or a single key. */
function isKeySet(keys: string): boolean {
  try {
    const parsed: unknown = JSON.parse(keys);
    if (typeof parsed !== "object" || parsed === null) return false;
    const list: unknown = "keys" in parsed ? parsed.keys : [parsed];
    return (
      Array.isArray(list) &&
      list.every((key) => typeof key === "object" && key !== null && typeof (key as { kty?: unknown }).kty === "string")
    );
  } catch {
    return false;
  }
}
