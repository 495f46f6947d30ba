/** Real mesh YAML → MeshConfig, with diagnostics that point at the text. */
export type { Diagnostic, TextFix } from "./diagnostics/diagnostic.ts";
export type * from "./mesh-api.ts";
export type { MeshFile, Resource, SourceRange } from "./resource/resource.ts";
