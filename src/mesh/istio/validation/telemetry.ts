/** Telemetry: providers, sampling, tags, metric overrides. */
import { at, child, entries, type Field, isSet, items, number, sizeOf, text } from "../../resource/field.ts";
import { isCelExpression } from "./cel-expression.ts";
import { validateTargets } from "./selectors.ts";
import { reject, rejectMissing, type Verdict, warn } from "./verdict.ts";

export function validateTelemetry(verdict: Verdict, spec: Field): void {
  validateTargets(verdict, spec);
  for (const metric of items(child(spec, "metrics"))) {
    validateProviders(verdict, metric);
    for (const override of items(child(metric, "overrides"))) validateOverride(verdict, override);
  }
  const tracing = child(spec, "tracing");
  if (sizeOf(tracing) > 1) warn(verdict, "MESH1348", tracing, { field: "tracing" });
  for (const each of items(tracing)) validateTracing(verdict, each);
  for (const logging of items(child(spec, "accessLogging"))) {
    validateProviders(verdict, logging);
    const filter = child(logging, "filter");
    const expression = child(filter, "expression");
    if (isSet(filter) && !isCelExpression(text(expression))) reject(verdict, "MESH1355", expression, { value: text(expression) });
  }
}

function validateProviders(verdict: Verdict, owner: Field): void {
  for (const provider of items(child(owner, "providers"))) {
    if (text(child(provider, "name")) === "") rejectMissing(verdict, child(provider, "name"));
  }
}

function validateTracing(verdict: Verdict, tracing: Field): void {
  const providers = child(tracing, "providers");
  if (sizeOf(providers) > 1) warn(verdict, "MESH1348", providers, { field: "providers" });
  validateProviders(verdict, tracing);
  const sampling = child(tracing, "randomSamplingPercentage");
  const value = number(sampling);
  if (value < 0 || value > 100) reject(verdict, "MESH1214", sampling, { value, minimum: 0, maximum: 100 });
  for (const tag of entries(child(tracing, "customTags"))) {
    if (tag.key === "") reject(verdict, "MESH1234", tag);
    if (!isSet(tag)) {
      rejectMissing(verdict, tag);
      continue;
    }
    const parts = [at(tag, "literal", "value"), at(tag, "header", "name"), at(tag, "environment", "name")];
    for (const part of parts) if (isSet(part.parent!) && text(part) === "") rejectMissing(verdict, part);
  }
}

function validateOverride(verdict: Verdict, override: Field): void {
  for (const tag of entries(child(override, "tagOverrides"))) {
    if (!isSet(tag)) {
      rejectMissing(verdict, tag);
      continue;
    }
    const value = child(tag, "value");
    // UPSERT is the protobuf zero value.
    const operation = text(child(tag, "operation")) || "UPSERT";
    if (operation === "UPSERT" && text(value) === "") rejectMissing(verdict, value);
    if (operation === "REMOVE" && text(value) !== "") reject(verdict, "MESH1211", value, { fields: "operation: REMOVE, value" });
  }
  const custom = at(override, "match", "customMetric");
  if (isSet(custom) && text(custom) === "") rejectMissing(verdict, custom);
}
