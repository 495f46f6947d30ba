/** Edits of one scalar or key, whatever quotes it stands in. */
import type { TextFix } from "../diagnostics/diagnostic.ts";
import type { Path } from "../document/node-path.ts";
import type { Resource } from "../resource/resource.ts";

/** What YAML would not read as text. */
const ambiguous = /^(?:true|false|yes|no|on|off|null|~|[-+.]?\d.*)$/i;

export function replaceValue(resource: Resource, path: Path, text: string): TextFix {
  // A scalar is what a diagnostic underlines: its place is known already.
  const { from, to } = resource.rangeOf(path);
  return { edits: [{ from, to, insert: ambiguous.test(text) ? `"${text}"` : text }] };
}

/** As YAML reads it: a number or a flag. */
export function replaceWithLiteral(resource: Resource, path: Path, literal: string): TextFix {
  const { from, to } = resource.rangeOf(path, "value");
  return { edits: [{ from, to, insert: literal }] };
}

export function renameKey(resource: Resource, path: Path, name: string): TextFix {
  const { from, to } = resource.rangeOf(path, "key");
  const isQuoted = to - from > String(path.at(-1)).length;
  return { edits: [{ from, to, insert: isQuoted ? `"${name}"` : name }] };
}

export function surround(resource: Resource, path: Path, before: string, after: string): TextFix {
  const { from, to } = resource.rangeOf(path, "value");
  return {
    edits: [
      { from, to: from, insert: before },
      { from: to, to, insert: after },
    ],
  };
}
