/** The API server's whole verdict on one resource: served version, schema, CEL rules, name. Unknown kinds are not judged. */
import type { Finding } from "../diagnostics/finding.ts";
import { rootField } from "../resource/field.ts";
import { type JsonObject, objectOf } from "../resource/json-value.ts";
import { bootstrapGroup } from "../resource/read-resources.ts";
import type { Resource } from "../resource/resource.ts";
import { checkSchema } from "./check-schema.ts";
import { rulesOf } from "./rules.ts";
import { isWholeGroup, schemaOf, servedVersions } from "./schema.ts";

const dnsSubdomain = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/** Kinds of these groups are the mesh's: a version that is not served is worth a word. */
export function checkAsApiServer(resource: Resource): Finding[] {
  const schema = schemaOf(resource);
  if (!schema) {
    const served = servedVersions(resource);
    if (served.length === 0) return judgeUnknownKind(resource);
    return [{ code: "MESH1112", path: ["apiVersion"], params: { version: resource.version, served: served.join(", ") } }];
  }
  const findings = checkName(resource);
  const misshapen = checkSchema(resource.object as JsonObject, schema);
  findings.push(...misshapen);
  // Rules compare fields: the API server asks them only once every field is what it should be.
  if (misshapen.some((finding) => finding.code !== "MESH1101")) return findings;
  const spec = rootField(resource.object.spec);
  for (const rule of rulesOf(resource)) rule(findings, spec);
  return findings;
}

function judgeUnknownKind({ group, kind }: Resource): Finding[] {
  if (isWholeGroup(group)) return [{ code: "MESH1114", path: ["kind"], params: { kind, group } }];
  const isKubernetes = !group.includes(".") || group.endsWith(".k8s.io");
  const isJudgedElsewhere = group === bootstrapGroup || group === "meshwise.dev";
  return isKubernetes || isJudgedElsewhere ? [] : [{ code: "MESH1902", path: ["kind"], params: { kind } }];
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
