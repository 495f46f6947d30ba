/**
 * Every diagnostic of the mesh layer: its code, how grave its source takes it, and whose verdict it is. The texts stand in
 * the `diagnostics` namespace of the locales under the same codes; a test keeps the two in step.
 */
import type { Diagnostic } from "./diagnostic.ts";

interface Entry {
  severity: Diagnostic["severity"];
  source: Diagnostic["source"];
}

const rejectedByApiServer: Entry = { severity: "error", source: "apiserver" };

const document = {
  MESH1001: rejectedByApiServer,
  MESH1002: rejectedByApiServer,
  MESH1003: rejectedByApiServer,
  MESH1004: rejectedByApiServer,
  MESH1005: rejectedByApiServer,
  MESH1006: rejectedByApiServer,
  MESH1007: rejectedByApiServer,
  MESH1008: rejectedByApiServer,
  MESH1010: rejectedByApiServer,
  MESH1011: rejectedByApiServer,
  MESH1012: rejectedByApiServer,
  MESH1015: rejectedByApiServer,
  MESH1016: rejectedByApiServer,
  MESH1017: rejectedByApiServer,
  MESH1018: rejectedByApiServer,
} as const satisfies Record<string, Entry>;

export const catalogue = { ...document } as const;

export type DiagnosticCode = keyof typeof catalogue;
