/** Retry policy of an http entry. */
import { child, type Field, isSet, number, text } from "../../resource/field.ts";
import { validateDuration, validateNotNegative } from "./numbers.ts";
import { reject, type Verdict } from "./verdict.ts";

const conditions: ReadonlySet<string> = new Set([
  "5xx",
  "gateway-error",
  "reset",
  "reset-before-request",
  "connect-failure",
  "retriable-4xx",
  "refused-stream",
  "retriable-status-codes",
  "retriable-headers",
  "envoy-ratelimited",
  "http3-post-connect-failure",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
]);

/** Status codes Go's net/http has a text for: others cannot stand in retryOn. */
const statuses: ReadonlySet<number> = new Set([
  100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402,
  403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431,
  451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511,
]);

export function validateRetries(verdict: Verdict, retries: Field): void {
  if (!isSet(retries)) return;
  const attempts = child(retries, "attempts");
  validateNotNegative(verdict, attempts);
  const retryOn = child(retries, "retryOn");
  if (number(attempts) === 0) {
    const idle = ["perTryTimeout", "retryOn", "retryRemoteLocalities"].map((name) => child(retries, name));
    const field = idle.find((each) => isSet(each) && each.value !== "");
    if (field) reject(verdict, "MESH1327", field, { field: String(field.key) });
  }
  validateDuration(verdict, child(retries, "perTryTimeout"));
  validateDuration(verdict, child(retries, "backoff"));
  if (text(retryOn) === "") return;
  for (const condition of text(retryOn).split(",")) {
    const known = conditions.has(condition) || (/^[+-]?\d+$/.test(condition) && statuses.has(Number(condition)));
    if (!known) reject(verdict, "MESH1328", retryOn, { value: condition });
  }
}
