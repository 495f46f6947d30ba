/** The CEL rules of the CRDs, by kind. Each rule walks the spec and reports; schema errors are reported elsewhere. */

import { gatewayApiRules } from "../gateway-api/schema-rules.ts";
import { istioRules } from "../istio/schema-rules.ts";
import type { Resource } from "../resource/resource.ts";
import type { Rule } from "./rule.ts";

export function rulesOf(resource: Pick<Resource, "group" | "kind">): readonly Rule[] {
  const name = `${resource.group}/${resource.kind}`;
  return istioRules[name] ?? gatewayApiRules[name] ?? [];
}
