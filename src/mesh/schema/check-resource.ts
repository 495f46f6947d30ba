/** The API server's whole verdict on one resource: served version, schema, CEL rules, name. Unknown kinds are not judged. */
import type { Finding } from "../diagnostics/finding.ts";
import { checkMetadata } from "../kubernetes/metadata.ts";
import { kubernetesRules } from "../kubernetes/schema-rules.ts";
import { rootField } from "../resource/field.ts";
import type { JsonObject } from "../resource/json-value.ts";
import { bootstrapGroup } from "../resource/read-resources.ts";
import type { Resource } from "../resource/resource.ts";
import { checkSchema } from "./check-schema.ts";
import { rulesOf } from "./rules.ts";
import { mayServe, schemaOf, servedVersions } from "./schema.ts";

/** Kinds of these groups are the mesh's: a version that is not served is worth a word. */
export function checkAsApiServer(resource: Resource): Finding[] {
  const schema = schemaOf(resource);
  if (!schema) {
    const served = servedVersions(resource);
    if (served.length === 0) return judgeUnknownKind(resource);
    return [{ code: "MESH1112", path: ["apiVersion"], params: { version: resource.version, served: served.join(", ") } }];
  }
  const object = resource.object as JsonObject;
  const findings = checkMetadata(resource);
  const misshapen = checkSchema(object, schema);
  findings.push(...misshapen);
  const ownRule = kubernetesRules[`${resource.group}/${resource.kind}`];
  if (ownRule) {
    if (!misshapen.some((finding) => finding.code === "MESH1102")) ownRule(findings, object);
    return withoutRepeats(findings);
  }
  // Rules compare fields: the API server asks them only once every field is what it should be.
  if (misshapen.some((finding) => finding.code !== "MESH1101")) return findings;
  const spec = rootField(resource.object.spec);
  for (const rule of rulesOf(resource)) rule(findings, spec);
  return findings;
}

function judgeUnknownKind(resource: Resource): Finding[] {
  const { group, kind } = resource;
  if (!mayServe(resource)) return [{ code: "MESH1114", path: ["kind"], params: { kind, group: group || "v1" } }];
  const isKubernetes = !group.includes(".") || group.endsWith(".k8s.io");
  const isJudgedElsewhere = group === bootstrapGroup || group === "meshwise.dev";
  return isKubernetes || isJudgedElsewhere ? [] : [{ code: "MESH1902", path: ["kind"], params: { kind } }];
}

/** A field that the schema asks for is asked for by a rule too, where it is empty. */
function withoutRepeats(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.code} ${finding.path.join("/")}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
