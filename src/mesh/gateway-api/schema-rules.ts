/** CEL rules of the Gateway API's CRDs (1.4.1): what the API server refuses beyond structure. */
import type { Finding } from "../diagnostics/finding.ts";
import type { Field } from "../resource/field.ts";

type Rule = (findings: Finding[], spec: Field) => void;

export const gatewayApiRules: Readonly<Record<string, readonly Rule[]>> = {};
