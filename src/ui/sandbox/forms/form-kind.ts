/** What a form for one kind of document is made of: plain data over paths of its text. A new kind is one such object and a line in kinds/index.ts. */
import type { ValuePath } from "#base";
import type { TranslationKey } from "#i18n";
import type { FormWorld } from "./form-world.ts";

export interface FormLabel {
  key: TranslationKey;
  values?: Readonly<Record<string, string | number>>;
}

export type FormControl =
  | { type: "number"; min?: number; max?: number }
  | { type: "duration" }
  | { type: "text"; suggestions?: readonly string[] }
  /** Texts separated by commas. */
  | { type: "list" }
  | { type: "choice"; options: readonly string[] };

export interface FormField {
  path: ValuePath;
  /** What stays when the field is emptied, even if nothing is left in it. */
  root: ValuePath;
  label: FormLabel;
  control: FormControl;
  /** What holds when it is empty, as Istio or the experiment has it. */
  without?: string;
}

/** A part that a button adds or takes away. */
export interface FormChange {
  label: FormLabel;
  path: ValuePath;
  /** undefined: the part is removed. */
  value?: unknown;
}

export interface FormGroup {
  title: FormLabel;
  fields: readonly FormField[];
  changes?: readonly FormChange[];
}

type YamlObject = Readonly<Record<string, unknown>>;

export interface FormKind {
  apiVersion: string;
  kind: string;
  /** Names of the services a document is about; none: it stands for the whole mesh. */
  services(object: YamlObject): readonly string[];
  groups(object: YamlObject, world: FormWorld): readonly FormGroup[];
  /** A clean new document for a service; absent where there is only one of the kind. */
  create?(service: { name: string; namespace: string }, world: FormWorld): YamlObject;
}
