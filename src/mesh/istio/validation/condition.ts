/** `when` of an AuthorizationPolicy: which keys there are and what their values must be (pkg/config/security). */
import { child, type Field, items, sizeOf, text } from "../../resource/field.ts";
import { validateIpOrCidr } from "./ip-address.ts";
import { isPortText } from "./numbers.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

const plainKeys: ReadonlySet<string> = new Set([
  "source.namespace",
  "source.serviceAccount",
  "source.principal",
  "request.auth.principal",
  "request.auth.audiences",
  "request.auth.presenter",
  "connection.sni",
]);
const addressKeys: ReadonlySet<string> = new Set(["source.ip", "remote.ip", "destination.ip"]);
/** Keys with a name in brackets. */
const mapKeys = ["request.headers", "request.auth.claims", "experimental.envoy.filters."];

export function validateCondition(verdict: Verdict, condition: Field): void {
  const key = child(condition, "key");
  if (text(key) === "") {
    rejectMissing(verdict, key);
    return;
  }
  const lists = [child(condition, "values"), child(condition, "notValues")];
  if (lists.every((list) => sizeOf(list) === 0)) {
    reject(verdict, "MESH1245", condition, { fields: "values, notValues" });
    return;
  }
  if (!isKnownKey(text(key))) reject(verdict, "MESH1350", key, { value: text(key) });
  for (const value of lists.flatMap((list) => items(list))) {
    if (text(value) === "") reject(verdict, "MESH1330", value, { field: String(value.parent?.key) });
    else if (addressKeys.has(text(key))) validateIpOrCidr(verdict, value);
    else if (text(key) === "destination.port" && !isPortText(text(value)))
      reject(verdict, "MESH1215", value, { value: text(value) });
  }
}

function isKnownKey(key: string): boolean {
  if (plainKeys.has(key) || addressKeys.has(key) || key === "destination.port") return true;
  if (!mapKeys.some((prefix) => key.startsWith(prefix))) return false;
  const open = key.indexOf("[");
  return key.endsWith("]") && open > 0 && open < key.length - 2;
}
