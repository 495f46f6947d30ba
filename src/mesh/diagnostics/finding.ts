/** What a check found, before it is given its place in the text and its severity from the catalogue. */
import type { Path } from "../document/node-path.ts";
import type { Resource, SourceRange } from "../resource/resource.ts";
import { catalogue } from "./catalogue.ts";
import type { Diagnostic, TextFix } from "./diagnostic.ts";

export type Params = Readonly<Record<string, string | number>>;

export interface Finding {
  readonly code: string;
  readonly params?: Params;
  readonly path: Path;
  readonly part?: "key" | "value";
  /** Where the verdict's severity is not the catalogue's (one code of Istio's comes as error or warning). */
  readonly severity?: Diagnostic["severity"];
  readonly fix?: (resource: Resource) => TextFix | undefined;
}

interface Named {
  kind: string;
  name: string;
  namespace: string;
}

export function place(finding: Finding, resource: Resource): Diagnostic {
  const range = resource.rangeOf(finding.path, finding.part);
  const fix = finding.fix?.(resource);
  const diagnostic = diagnosticOf(finding, resource, resource.file, pathText(finding.path), range);
  return fix ? { ...diagnostic, fix } : diagnostic;
}

export function diagnosticOf(
  finding: Pick<Finding, "code" | "params" | "severity">,
  about: Named,
  file: string,
  path: string,
  range: SourceRange,
): Diagnostic {
  const entry = catalogue[finding.code as keyof typeof catalogue] as (typeof catalogue)[keyof typeof catalogue] | undefined;
  return {
    code: finding.code,
    severity: finding.severity ?? entry?.severity ?? "error",
    source: entry?.source ?? "meshwise",
    params: finding.params ?? {},
    file,
    kind: about.kind,
    name: about.name,
    namespace: about.namespace,
    path,
    line: range.line,
    column: range.column,
    endLine: range.endLine,
    endColumn: range.endColumn,
  };
}

/** Findings are kept, and shown again after each keystroke. */
const pathTexts = new WeakMap<Path, string>();

/** "spec.http[0].match[1].headers.x-user"; keys with dots are quoted in brackets. */
function pathText(path: Path): string {
  const known = pathTexts.get(path);
  if (known !== undefined) return known;
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/^[^.[\]/]+$/.test(step)) text += text === "" ? step : `.${step}`;
    else text += `["${step}"]`;
  }
  pathTexts.set(path, text);
  return text;
}
