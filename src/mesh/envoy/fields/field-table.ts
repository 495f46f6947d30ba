/**
 * The messages of Envoy's API that a bootstrap may be made of, read from `envoy-fields.generated.json` (test/oracle/envoy-fields writes it
 * from the API's own descriptors, and says which version).
 *
 * A line is a message or an enumeration: those that may stand behind an `@type` first, then each where a line before it names it first.
 * `Name@package` begins the former, "=" an enumeration. A field is `name:kind` with its limits behind (field-limits.ts); no kind is text,
 * `*` a list, `%` a map; a letter is a scalar or a well-known type (field-value.ts), "." the type that is called as the field is, "-" that
 * of a plural; a "." before a name: within the message itself. `( … )` are fields of which one may be set, `(! … )` of which one has to be.
 */
import { nearWord } from "../../fixes/near-word.ts";
import table from "./envoy-fields.generated.json" with { type: "json" };
import { wrapped } from "./field-value.ts";

export interface EnvoyMessage {
  readonly name: string;
  /** By both spellings: snake_case and camelCase. */
  readonly fields: ReadonlyMap<string, EnvoyField>;
  readonly groups: readonly FieldGroup[];
}

export interface EnvoyEnum {
  readonly name: string;
  readonly numbers: ReadonlyMap<string, number>;
}

export interface EnvoyField {
  readonly name: string;
  readonly repeated: "no" | "list" | "map";
  /** The letter of a scalar, or its type. */
  readonly type: string | EnvoyMessage | EnvoyEnum;
  readonly limits: string;
  readonly group: FieldGroup | undefined;
}

/** A oneof. */
export interface FieldGroup {
  readonly names: readonly string[];
  readonly required: boolean;
}

type Named = (EnvoyMessage | EnvoyEnum) & { name: string };

const camel = (name: string) => name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const jsonName = (name: string) => name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function readTable(text: string): Map<string, EnvoyMessage> {
  const types = new Map<string, Named>();
  const waiting: string[] = [];
  const roots = new Map<string, EnvoyMessage>();
  const lines = text.split("\n");

  const named = (name: string): Named => {
    let type = types.get(name);
    if (type === undefined) {
      // Filled when its line comes.
      type = { name: name.replaceAll("'", "") } as Named;
      types.set(name, type);
      waiting.push(name);
    }
    return type;
  };

  const typeOf = (kind: string, owner: string, field: string): EnvoyField["type"] => {
    if (kind.length <= 1 && kind !== "." && kind !== "-") return kind;
    const within = kind.startsWith(".") && kind.length > 1;
    const own = within ? kind.slice(1) : kind;
    const called = camel(field);
    const name = own === "." ? called : own === "-" ? called.slice(0, -1) : own;
    return named(within ? `${owner}.${name}` : name);
  };

  const fill = (owner: string, tokens: readonly string[]): void => {
    const fields = new Map<string, EnvoyField>();
    const groups: FieldGroup[] = [];
    let group: (FieldGroup & { names: string[] }) | undefined;
    for (const token of tokens) {
      if (token.startsWith("(")) {
        group = { names: [], required: token === "(!" };
        groups.push(group);
      } else if (token === ")") group = undefined;
      else {
        const [, name = "", many = "", kind = "", limits = ""] = /^(\w+):?([*%]?)([\w.'@-]*)(.*)$/.exec(token) ?? [];
        group?.names.push(name);
        const repeated = many === "*" ? "list" : many === "%" ? "map" : "no";
        const field: EnvoyField = { name, repeated, type: typeOf(kind, owner, name), limits, group };
        fields.set(name, field);
        fields.set(jsonName(name), field);
      }
    }
    Object.assign(named(owner), { fields, groups });
  };

  for (const [, name = "", place = ""] of text.matchAll(/^(\w+'*)@(\S*)/gm)) {
    roots.set(`${place.startsWith("xds.") ? "" : "envoy."}${place}.${name.replaceAll("'", "")}`, named(name) as EnvoyMessage);
  }
  lines.forEach((line, index) => {
    const [head = "", ...tokens] = line.split(" ").filter((token, at) => at === 0 || token !== "");
    const name = waiting[index] as string;
    if (head === "=") {
      let next = 0;
      const numbers = new Map<string, number>();
      for (const token of tokens) {
        const [value = "", number] = token.split(":");
        numbers.set(value, number === undefined ? next : Number(number));
        next++;
      }
      Object.assign(named(name), { numbers });
    } else fill(name, tokens);
  });
  return roots;
}

const roots = readTable(table.fields);

export const bootstrapMessage = roots.get("envoy.config.bootstrap.v3.Bootstrap") as EnvoyMessage;

/** @param typeUrl "type.googleapis.com/envoy.config…"; undefined where its fields are not in the table */
export function messageBehind(typeUrl: string): EnvoyMessage | undefined {
  return roots.get(typeUrl.slice(typeUrl.lastIndexOf("/") + 1));
}

/**
 * Why Envoy knows no such type, as far as the table can tell: it is of API v2, or a slip away from one of the table. Of other names nobody
 * here knows whether they are built into an Envoy.
 */
export function wrongType(typeUrl: string): { near: string | undefined } | undefined {
  const name = typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
  if (roots.has(name)) return undefined;
  const near = nearWord(name, roots.keys());
  return near !== undefined || /^envoy\..*\.v2(?:alpha\d*)?\./.test(name) ? { near } : undefined;
}

/** google.protobuf.Duration, or a wrapper of one value: they may be written as the objects that they are. */
export function shorthandOf(kind: string): EnvoyMessage | undefined {
  return objects.get(kind);
}

const plainField = (name: string, type: string): [string, EnvoyField] => [
  name,
  { name, repeated: "no", type, limits: "", group: undefined },
];
const plainMessage = (name: string, ...fields: [string, EnvoyField][]): EnvoyMessage => ({
  name,
  fields: new Map(fields),
  groups: [],
});
const objects: ReadonlyMap<string, EnvoyMessage> = new Map([
  ["s", plainMessage("Duration", plainField("seconds", "I"), plainField("nanos", "i"))],
  ...[..."wjWJDSYB"].map((kind) => [kind, plainMessage("value", plainField("value", wrapped(kind)))] as const),
]);

export function isEnum(type: EnvoyField["type"]): type is EnvoyEnum {
  return typeof type !== "string" && "numbers" in type;
}

export function isMessage(type: EnvoyField["type"]): type is EnvoyMessage {
  return typeof type !== "string" && "fields" in type;
}
