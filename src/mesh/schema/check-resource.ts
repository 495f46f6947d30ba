/** The API server's whole verdict on one resource: served version, schema, CEL rules, name. Unknown kinds are not judged. */
import type { Finding } from "../diagnostics/finding.ts";
import { rootField } from "../resource/field.ts";
import { type JsonObject, objectOf } from "../resource/json-value.ts";
import type { Resource } from "../resource/resource.ts";
import { checkSchema } from "./check-schema.ts";
import { rulesOf } from "./rules.ts";
import { schemaOf, servedVersions } from "./schema.ts";

const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Kinds of these groups are the mesh's: a version that is not served is worth a word. */
export function checkAsApiServer(resource: Resource): Finding[] {
  const schema = schemaOf(resource);
  if (!schema) {
    const served = servedVersions(resource);
    if (served.length === 0) return [];
    return [{ code: "MESH1112", path: ["apiVersion"], params: { version: resource.version, served: served.join(", ") } }];
  }
  const findings = checkName(resource);
  findings.push(...checkSchema(resource.object as JsonObject, schema));
  const spec = rootField(resource.object.spec);
  for (const rule of rulesOf(resource)) rule(findings, spec);
  return findings;
}

function checkName(resource: Resource): Finding[] {
  const metadata = objectOf(resource.object.metadata);
  if (metadata.name === undefined && typeof metadata.generateName === "string") return [];
  if (typeof metadata.name !== "string" || metadata.name === "") {
    return [{ code: "MESH1013", path: ["metadata", "name"], part: "key", params: {} }];
  }
  if (metadata.name.length <= 253 && dnsSubdomain.test(metadata.name)) return [];
  return [{ code: "MESH1113", path: ["metadata", "name"], params: { value: metadata.name } }];
}
