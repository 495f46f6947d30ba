/** The user's text is wrong: a value with a code, a place and a message, never an exception (contracts.md, 2 `lint`). */
export interface Diagnostic {
  /** IST0101 … where it is the same check as Istio's analyzer; MESH1xxx for ours and for schema and webhook verdicts. */
  code: string;
  /** `error` exactly where that source rejects or says Error. */
  severity: "error" | "warning" | "info";
  source: "apiserver" | "istioctl" | "analyzer" | "meshwise";
  /** Fills the placeholders of the catalogue's text. */
  params: Readonly<Record<string, string | number>>;
  file: string;
  kind: string;
  name: string;
  namespace: string;
  /** "spec.http[0].route[1].weight"; "" where the whole document is meant. */
  path: string;
  /** 1-based, end exclusive. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** Present where there is one sure repair. */
  fix?: TextFix;
}

/** Edits against the text the diagnostic was made from, offsets in UTF-16 units, not overlapping. */
export interface TextFix {
  edits: readonly { from: number; to: number; insert: string }[];
}
