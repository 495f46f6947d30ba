/** Redirect and rewrite of an http entry. */
import { child, type Field, isSet, number, text } from "../../resource/field.ts";
import { validatePort } from "./numbers.ts";
import { validateRegex } from "./regular-expression.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

export function validateRedirect(verdict: Verdict, redirect: Field): void {
  if (!isSet(redirect)) return;
  const [scheme, port, code] = [child(redirect, "scheme"), child(redirect, "port"), child(redirect, "redirectCode")];
  const named = ["uri", "authority", "scheme"].some((name) => text(child(redirect, name)) !== "");
  if (!named && !isSet(port) && !isSet(child(redirect, "derivePort"))) {
    reject(verdict, "MESH1245", redirect, { fields: "uri, authority, scheme, port" });
    return;
  }
  const status = number(code);
  if (status !== 0 && (status < 300 || status > 399))
    reject(verdict, "MESH1214", code, { value: status, minimum: 300, maximum: 399 });
  if (!["", "http", "https"].includes(text(scheme)))
    reject(verdict, "MESH1246", scheme, { value: text(scheme), allowed: "http, https" });
  if (number(port) > 0) validatePort(verdict, port);
}

export function validateRewrite(verdict: Verdict, rewrite: Field): void {
  if (!isSet(rewrite)) return;
  const uri = text(child(rewrite, "uri"));
  const regex = child(rewrite, "uriRegexRewrite");
  if (uri !== "" && isSet(regex)) {
    reject(verdict, "MESH1211", regex, { fields: "uri, uriRegexRewrite" });
    return;
  }
  if (uri === "" && !isSet(regex) && text(child(rewrite, "authority")) === "") {
    reject(verdict, "MESH1245", rewrite, { fields: "uri, uriRegexRewrite, authority" });
    return;
  }
  if (!isSet(regex)) return;
  const missing = ["match", "rewrite"].map((name) => child(regex, name)).filter((field) => text(field) === "");
  for (const field of missing) rejectMissing(verdict, field);
  if (missing.length === 0) validateRegex(verdict, child(regex, "match"));
}
