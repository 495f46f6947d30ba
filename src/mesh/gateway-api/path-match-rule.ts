/** CEL rules of HTTPPathMatch: an Exact or PathPrefix value is a clean absolute path. */
import type { Finding } from "../diagnostics/finding.ts";
import { child, type Field, isSet, text } from "../resource/field.ts";
import { refuse } from "../schema/rule.ts";

const allowed = /^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})+$/;
const forbidden = ["//", "/./", "/../", "%2f", "%2F", "#"];
const types = ["Exact", "PathPrefix", "RegularExpression"];

export function pathMatchRule(findings: Finding[], path: Field): void {
  if (!isSet(path)) return;
  const type = text(child(path, "type")) || "PathPrefix";
  if (!types.includes(type)) refuse(findings, "MESH1104", child(path, "type"), { value: type, allowed: types.join(", ") });
  if (type === "RegularExpression") return;
  const value = child(path, "value");
  const written = isSet(value) ? text(value) : "/";
  const clean = written.startsWith("/") && allowed.test(written) && !/\/\.{1,2}$/.test(written);
  if (!clean || forbidden.some((part) => written.includes(part))) refuse(findings, "MESH1149", value, { value: written });
}
