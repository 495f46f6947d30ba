/** AuthorizationPolicy: action against rules and provider, sources, operations, conditions. */
import { at, child, type Field, isSet, items, sizeOf, text } from "../../resource/field.ts";
import type { Resource } from "../../resource/resource.ts";
import { validateCondition } from "./condition.ts";
import { validateIpOrCidr } from "./ip-address.ts";
import { isPortText } from "./numbers.ts";
import { validateTargets } from "./selectors.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

const sourceLists = [
  "principals",
  "requestPrincipals",
  "namespaces",
  "serviceAccounts",
  "ipBlocks",
  "remoteIpBlocks",
  "notPrincipals",
  "notRequestPrincipals",
  "notNamespaces",
  "notServiceAccounts",
  "notIpBlocks",
  "notRemoteIpBlocks",
];
/** What a raw TCP connection tells; the rest is HTTP. */
const tcpSources = sourceLists.filter((name) => !/requestPrincipals/i.test(name));
const notWithCustom = [
  "namespaces",
  "notNamespaces",
  "serviceAccounts",
  "notServiceAccounts",
  "principals",
  "notPrincipals",
  "requestPrincipals",
  "notRequestPrincipals",
];
const operationLists = ["ports", "methods", "paths", "hosts", "notPorts", "notMethods", "notPaths", "notHosts"];
/** What may stand in a segment beside the templates `{*}` and `{**}`. */
const literalSegment = /^[-a-zA-Z0-9._~%!$&'()+,;:@=]+$/;

export function validateAuthorizationPolicy(verdict: Verdict, spec: Field, resource: Resource): void {
  const action = text(child(spec, "action")) || "ALLOW";
  validateDryRun(verdict, action, resource);
  validateTargets(verdict, spec);
  const rules = child(spec, "rules");
  const provider = child(spec, "provider");
  if (action === "CUSTOM") validateCustom(verdict, spec);
  else if (isSet(provider)) reject(verdict, "MESH1333", provider, { action });
  if ((action === "DENY" || action === "CUSTOM") && !isSet(rules)) reject(verdict, "MESH1334", spec, { action });
  for (const rule of items(rules)) validateRule(verdict, rule, action);
}

function validateDryRun(verdict: Verdict, action: string, resource: Resource): void {
  const value = resource.annotations["istio.io/dry-run"];
  if (value === undefined) return;
  const isBoolean = /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value);
  if (isBoolean && (action === "ALLOW" || action === "DENY")) return;
  verdict.push({ code: "MESH1335", path: ["metadata", "annotations", "istio.io/dry-run"], params: { value, action } });
}

function validateCustom(verdict: Verdict, spec: Field): void {
  const name = at(spec, "provider", "name");
  if (isSet(child(spec, "rules")) && text(name) === "") rejectMissing(verdict, name);
  for (const rule of items(child(spec, "rules"))) {
    for (const from of items(child(rule, "from"))) {
      for (const list of notWithCustom.map((field) => at(from, "source", field))) {
        if (sizeOf(list) > 0) reject(verdict, "MESH1336", list, { field: String(list.key) });
      }
    }
    for (const condition of items(child(rule, "when"))) {
      const key = text(child(condition, "key"));
      const identity = ["source.namespace", "source.serviceAccount", "source.principal"].includes(key);
      if (identity || key.startsWith("request.auth.")) reject(verdict, "MESH1336", child(condition, "key"), { field: key });
    }
  }
}

function validateRule(verdict: Verdict, rule: Field, action: string): void {
  const [from, to] = [child(rule, "from"), child(rule, "to")];
  const sources = items(from).map((each) => child(each, "source"));
  const operations = items(to).map((each) => child(each, "operation"));
  for (const part of [...sources, ...operations]) if (!isSet(part)) rejectMissing(verdict, part);
  for (const source of sources.filter(isSet)) validateSource(verdict, source);
  for (const operation of operations.filter(isSet)) validateOperation(verdict, operation);
  for (const condition of items(child(rule, "when"))) validateCondition(verdict, condition);
  if (action !== "DENY") return;
  const tcpFrom = sources.some((source) => tcpSources.some((name) => isSet(child(source, name))));
  const tcpTo = operations.some((operation) => isSet(child(operation, "ports")) || isSet(child(operation, "notPorts")));
  const [hasFrom, hasTo] = [sources.some(isSet), operations.some(isSet)];
  if ((hasFrom && !hasTo && !tcpFrom) || (hasTo && !tcpTo)) warn(verdict, "MESH1347", rule);
}

function validateSource(verdict: Verdict, source: Field): void {
  const size = (...names: string[]): number => names.reduce((sum, name) => sum + sizeOf(child(source, name)), 0);
  const accounts = size("serviceAccounts", "notServiceAccounts");
  if (accounts > 0 && size("principals", "notPrincipals", "namespaces", "notNamespaces") > 0) {
    reject(verdict, "MESH1337", source);
  }
  if (size(...sourceLists) === 0) reject(verdict, "MESH1245", source, { fields: sourceLists.join(", ") });
  for (const name of sourceLists) rejectEmptyEntries(verdict, child(source, name));
  for (const name of ["ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks"]) {
    for (const block of items(child(source, name))) validateIpOrCidr(verdict, block);
  }
  for (const name of ["serviceAccounts", "notServiceAccounts"]) {
    for (const account of items(child(source, name))) {
      const parts = text(account).split("/");
      if (parts.length > 2 || parts.includes("") || text(account).includes("*"))
        reject(verdict, "MESH1338", account, { value: text(account) });
    }
  }
}

function validateOperation(verdict: Verdict, operation: Field): void {
  const lists = operationLists.map((name) => child(operation, name));
  if (lists.every((list) => sizeOf(list) === 0)) reject(verdict, "MESH1245", operation, { fields: operationLists.join(", ") });
  for (const list of lists) {
    rejectEmptyEntries(verdict, list);
    const name = String(list.key).toLowerCase();
    for (const entry of items(list)) {
      if (name.endsWith("ports") && !isPortText(text(entry))) reject(verdict, "MESH1215", entry, { value: text(entry) });
      if (!name.endsWith("paths")) continue;
      if (!isPathTemplate(text(entry))) reject(verdict, "MESH1339", entry, { value: text(entry) });
    }
  }
}

/** `{*}` for one segment, `{**}` last for any number; elsewhere no braces (pkg/config/security, CheckValidPathTemplate). */
function isPathTemplate(path: string): boolean {
  const hasTemplate = path.includes("{*}") || path.includes("{**}");
  let isPastAny = false;
  for (const segment of path.replace(/^\/+|\/+$/g, "").split("/")) {
    if (segment === "{*}" || segment === "{**}") {
      if (isPastAny) return false;
      isPastAny = segment === "{**}";
    } else if (/[{}]/.test(segment) || (hasTemplate && !literalSegment.test(segment))) return false;
  }
  return true;
}

function rejectEmptyEntries(verdict: Verdict, list: Field): void {
  for (const entry of items(list)) if (text(entry) === "") reject(verdict, "MESH1330", entry, { field: String(list.key) });
}
