/** google.protobuf.Any of an extension, also where it comes as a TypedStruct (xds.type.v3, udpa.type.v1): its kind beside its fields. */
import { at, type Field, text } from "../translation/field.ts";

export interface TypedConfig {
  /** Of its message; "" where none is written. */
  type: string;
  config: Field;
}

export function typedConfig(field: Field): TypedConfig {
  const type = text(field, "@type") ?? "";
  if (!type.endsWith(".TypedStruct")) return { type, config: field };
  return { type: text(field, "type_url") ?? "", config: at(field, "value") ?? { ...field, value: {} } };
}
