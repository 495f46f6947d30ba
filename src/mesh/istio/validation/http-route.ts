/** One http entry of a VirtualService: what it matches, what it does, and what excludes what. */
import { at, child, entries, type Field, isSet, items, number, sizeOf, text } from "../../resource/field.ts";
import { validateCorsPolicy } from "./cors-policy.ts";
import { validateDestination, validateRouteDestinations } from "./destination.ts";
import { validateFault } from "./fault.ts";
import { validateGatewayNames } from "./gateway-names.ts";
import { isAuthorityHeader, isClaimName, validateHeaderName, validateHeaderOperations } from "./headers.ts";
import { validateRedirect, validateRewrite } from "./http-rewrite.ts";
import { isDnsLabel, validateLabels } from "./names.ts";
import { validateDuration, validateHttpStatus, validatePort } from "./numbers.ts";
import { validateRetries } from "./retries.ts";
import { validateRegexMatch, validateStringMatch } from "./string-match.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

const kilobyte = 1024;

export function validateHttpRoute(verdict: Verdict, route: Field, isDelegate: boolean): void {
  validateConflicts(verdict, route, isDelegate);
  for (const match of items(child(route, "match"))) validateMatch(verdict, match);
  validateHeaderOperations(verdict, child(route, "headers"));
  validateCorsPolicy(verdict, child(route, "corsPolicy"));
  validateFault(verdict, child(route, "fault"));
  validateMirrors(verdict, route);
  validateRedirect(verdict, child(route, "redirect"));
  validateDirectResponse(verdict, child(route, "directResponse"));
  validateRetries(verdict, child(route, "retries"));
  validateRewrite(verdict, child(route, "rewrite"));
  validateAuthority(verdict, route);
  validateRouteDestinations(verdict, child(route, "route"));
  validateDuration(verdict, child(route, "timeout"));
}

/** Exactly one of route, redirect and directResponse; an entry with a delegate has none. */
function validateConflicts(verdict: Verdict, route: Field, isDelegate: boolean): void {
  const delegate = child(route, "delegate");
  if (!isDelegate && isSet(delegate)) {
    for (const name of ["redirect", "route"]) {
      if (isSet(child(route, name))) reject(verdict, "MESH1211", child(route, name), { fields: `delegate, ${name}` });
    }
    return;
  }
  if (isDelegate && isSet(delegate)) reject(verdict, "MESH1324", delegate);
  const answer = ["redirect", "directResponse"].map((name) => child(route, name)).find(isSet);
  if (answer) {
    const rivals = ["route", "fault", "rewrite", "directResponse"].filter((name) => name !== answer.key);
    for (const rival of rivals.map((name) => child(route, name))) {
      if (isSet(rival) && !(rival.key === "route" && sizeOf(rival) === 0)) {
        reject(verdict, "MESH1211", rival, { fields: `${answer.key}, ${rival.key}` });
      }
    }
  } else if (sizeOf(child(route, "route")) === 0) {
    reject(verdict, "MESH1245", route, { fields: "route, redirect, directResponse" });
  }
  if (isSet(child(route, "mirror")) && sizeOf(child(route, "mirrors")) > 0) {
    reject(verdict, "MESH1211", child(route, "mirrors"), { fields: "mirror, mirrors" });
  }
}

function validateMatch(verdict: Verdict, match: Field): void {
  if (!isSet(match)) return;
  for (const header of entries(child(match, "headers"))) {
    validateMatchHeaderName(verdict, header);
    if (isSet(header)) validateStringMatch(verdict, header);
    else reject(verdict, "MESH1210", header, { field: String(header.key) });
  }
  for (const header of entries(child(match, "withoutHeaders"))) {
    validateMatchHeaderName(verdict, header);
    // `*` is no RE2, but Istio turns it into "present".
    if (isSet(header) && text(child(header, "regex")) !== "*") validateStringMatch(verdict, header);
  }
  validateRegexMatch(verdict, child(match, "uri"));
  for (const name of ["scheme", "method", "authority"]) validateStringMatch(verdict, child(match, name));
  for (const parameter of entries(child(match, "queryParams"))) validateStringMatch(verdict, parameter);
  if (number(child(match, "port")) !== 0) validatePort(verdict, child(match, "port"));
  validateLabels(verdict, child(match, "sourceLabels"));
  validateGatewayNames(verdict, child(match, "gateways"));
  const namespace = child(match, "sourceNamespace");
  if (text(namespace) !== "" && !isDnsLabel(text(namespace))) reject(verdict, "MESH1232", namespace, { value: text(namespace) });
}

function validateMatchHeaderName(verdict: Verdict, header: Field): void {
  const name = String(header.key);
  if (!isClaimName(name)) validateHeaderName(verdict, header, name);
}

function validateMirrors(verdict: Verdict, route: Field): void {
  const percent = child(route, "mirrorPercent");
  if (isSet(percent)) {
    if (number(percent) > 100) reject(verdict, "MESH1214", percent, { value: number(percent), minimum: 0, maximum: 100 });
    warn(verdict, "MESH1286", percent, { better: "mirrorPercentage" });
  }
  validateMirrorShare(verdict, at(route, "mirrorPercentage", "value"));
  validateDestination(verdict, child(route, "mirror"));
  for (const mirror of items(child(route, "mirrors"))) {
    const destination = child(mirror, "destination");
    if (!isSet(destination)) {
      rejectMissing(verdict, destination);
      continue;
    }
    validateDestination(verdict, destination);
    validateMirrorShare(verdict, at(mirror, "percentage", "value"));
  }
}

function validateMirrorShare(verdict: Verdict, share: Field): void {
  const value = number(share);
  if (value < 0 || value > 100) reject(verdict, "MESH1214", share, { value, minimum: 0, maximum: 100 });
}

function validateDirectResponse(verdict: Verdict, response: Field): void {
  if (!isSet(response)) return;
  const body = child(response, "body");
  for (const part of [child(body, "string"), child(body, "bytes")]) {
    const size = part.key === "bytes" ? Math.floor((text(part).length * 3) / 4) : utf8Length(text(part));
    if (size > kilobyte * kilobyte) reject(verdict, "MESH1325", part, { size });
    else if (size > 100 * kilobyte) warn(verdict, "MESH1341", part, { size });
  }
  validateHttpStatus(verdict, child(response, "status"));
}

function utf8Length(value: string): number {
  return value.length <= 100 * kilobyte && value.length * 3 <= 100 * kilobyte
    ? value.length
    : new TextEncoder().encode(value).length;
}

/** The authority may be rewritten in one place only. */
function validateAuthority(verdict: Verdict, route: Field): void {
  let first = text(at(route, "rewrite", "authority")) === "" ? "" : "rewrite.authority";
  for (const operation of ["set", "add"]) {
    for (const header of entries(at(route, "headers", "request", operation))) {
      if (!isAuthorityHeader(String(header.key))) continue;
      if (first !== "") {
        reject(verdict, "MESH1211", header, { fields: `${first}, ${header.key}` });
        return;
      }
      if (text(header) !== "") first = String(header.key);
    }
  }
}
