/** WasmPlugin: where the module comes from and its environment. */
import { at, child, type Field, isSet, items, number, sizeOf, text } from "../../resource/field.ts";
import { isPort } from "./numbers.ts";
import { validateTargets } from "./selectors.ts";
import { parseRequestUrl } from "./url.ts";
import { reject, rejectMissing, type Verdict } from "./verdict.ts";

const schemes = ["", "file", "http", "https", "oci"];

export function validateWasmPlugin(verdict: Verdict, spec: Field): void {
  validateTargets(verdict, spec);
  validateUrl(verdict, child(spec, "url"));
  const sha = child(spec, "sha256");
  if (text(sha) !== "" && !/^[a-f0-9]{64}$/.test(text(sha))) reject(verdict, "MESH1351", sha, { value: text(sha) });
  for (const [name, most] of [
    ["imagePullSecret", 253],
    ["pluginName", 256],
  ] as const) {
    const field = child(spec, name);
    if (text(field).length > most) reject(verdict, "MESH1226", field, { size: text(field).length, most });
  }
  validateEnvironment(verdict, at(spec, "vmConfig", "env"));
  for (const match of items(child(spec, "match"))) {
    for (const port of items(child(match, "ports"))) {
      const value = number(child(port, "number"));
      if (!isPort(value)) reject(verdict, "MESH1215", child(port, "number"), { value });
    }
  }
}

function validateUrl(verdict: Verdict, url: Field): void {
  if (text(url) === "") {
    rejectMissing(verdict, url);
    return;
  }
  const parsed = parseRequestUrl(text(url)) ?? parseRequestUrl(`http://${text(url)}`);
  if (!parsed || !schemes.includes(parsed.scheme)) {
    reject(verdict, "MESH1331", url, { value: text(url), allowed: schemes.filter(Boolean).join(", ") });
  }
}

function validateEnvironment(verdict: Verdict, environment: Field): void {
  const seen = new Set<string>();
  if (sizeOf(environment) === 0) return;
  for (const variable of items(environment)) {
    if (!isSet(variable)) continue;
    const name = child(variable, "name");
    if (text(name) === "") rejectMissing(verdict, name);
    else if (text(name).length > 256) reject(verdict, "MESH1226", name, { size: text(name).length, most: 256 });
    else if (seen.has(text(name))) reject(verdict, "MESH1228", name, { value: text(name) });
    seen.add(text(name));
    if (text(child(variable, "valueFrom")) === "HOST" && text(child(variable, "value")) !== "") {
      reject(verdict, "MESH1211", child(variable, "value"), { fields: "valueFrom: HOST, value" });
    }
  }
}
