/** Real mesh YAML → MeshConfig, with diagnostics that point at the text. */

export type * from "./assist/assist-api.ts";
export { completeAt } from "./assist/complete.ts";
export { describeAt } from "./assist/describe.ts";
export type { KindShapes, Shape } from "./assist/shape.ts";
export { catalogue, type DiagnosticCode, missingField } from "./diagnostics/catalogue.ts";
export type { Diagnostic, TextFix } from "./diagnostics/diagnostic.ts";
export { editText, readParts, type YamlEdit, type YamlPart } from "./edit/yaml-edit.ts";
export { loadEnvoyDialect } from "./envoy/dialect.ts";
export { lint, parseResources } from "./lint.ts";
export type * from "./mesh-api.ts";
export { isObject, listOf, numberOf, objectOf, textOf } from "./resource/json-value.ts";
export { lastOfEach } from "./resource/last-of-each.ts";
export { bootstrapGroup } from "./resource/read-resources.ts";
export type { MeshFile, Resource, SourceRange } from "./resource/resource.ts";
export { findNode } from "./routes/find-node.ts";
export { resolveRoute } from "./routes/resolve-route.ts";
export { translate, usualGatewayName } from "./translation/translate.ts";
export { type XdsType, xds } from "./xds/xds.ts";
