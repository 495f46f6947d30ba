/** What an editor is told about a place in the text. Plain data: it crosses to the page, which finds the words. */
import type { SchemaNode } from "../schema/schema-table.ts";

export interface Completion {
  label: string;
  /** Replaces `from`…`to` of the answer. */
  insert: string;
  sort: "kind" | "field" | "value" | "name";
  /** Of a field: what it holds, and whether it must be there. */
  type: SchemaNode["type"] | "";
  required: boolean;
}

export interface CompletionAnswer {
  from: number;
  to: number;
  /** Of the object the options stand in: what its fields mean is found by it. */
  kind: string;
  path: readonly string[];
  options: readonly Completion[];
}

export interface FieldDescription {
  apiVersion: string;
  kind: string;
  /** Names of the fields from the document's root, without positions in lists. */
  path: readonly string[];
  type: SchemaNode["type"];
  /** What a list or a map holds. */
  itemType: SchemaNode["type"] | "";
  required: boolean;
  allowed: readonly string[];
  /** Of its siblings no two may stand together with it. */
  atMostOneOf: readonly string[];
  limits: Readonly<
    Partial<Pick<SchemaNode, "minimum" | "maximum" | "minLength" | "maxLength" | "minItems" | "maxItems" | "pattern">>
  >;
  /** What holds where it is not written; `source` is where that is said. */
  default: { value: string; source: string } | null;
  /** Accepted, but without an effect in this simulation. */
  simulated: boolean;
  /** The word it is about: offsets into the text. */
  from: number;
  to: number;
}
