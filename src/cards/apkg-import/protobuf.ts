/** The part of protobuf's wire format that Anki's packages use: varints and length-delimited fields. Knows no message. */
import { ImportRefusal } from "./import-failure.ts";

export interface ProtoField {
  number: number;
  value: number | Uint8Array;
}

/** @throws ImportRefusal of the given code when the bytes are no message. */
export function readMessage(bytes: Uint8Array, code: "BadMeta" | "BadMediaMap" | "NotAnki"): ProtoField[] {
  const fields: ProtoField[] = [];
  let at = 0;
  // Up to ten bytes; beyond 2^53 the value is inexact, and no field that matters here is that large.
  const varint = () => {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new ImportRefusal(code, { table: "notetypes" });
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    const wireType = key % 8;
    if (number === 0) throw new ImportRefusal(code, { table: "notetypes" });
    if (wireType === 0) {
      fields.push({ number, value: varint() });
      continue;
    }
    const length = wireType === 2 ? varint() : wireType === 1 ? 8 : wireType === 5 ? 4 : -1;
    if (length < 0 || at + length > bytes.length) throw new ImportRefusal(code, { table: "notetypes" });
    fields.push({ number, value: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

export function numberOf(fields: readonly ProtoField[], number: number): number | undefined {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === "number" ? value : undefined;
}

export function textOf(fields: readonly ProtoField[], number: number): string {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : "";
}
