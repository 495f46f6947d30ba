/** Reads what an answer carries: `{ headers: { retry-after: 1 }, body: 300ms | stall | cut }`. */
import type { ResponseConfig } from "#engine";
import type { Path } from "./experiment.ts";
import { type Reading, readDurationMs, readFields } from "./field-reader.ts";
import { readHeaders } from "./read-request.ts";

export function readResponse(reading: Reading, path: Path, value: unknown): ResponseConfig | undefined {
  const fields = readFields(reading, path, value, ["headers", "body"]);
  if (!fields) return undefined;
  const response: ResponseConfig = {};
  if (fields.headers !== undefined) response.headers = readHeaders(reading, [...path, "headers"], fields.headers);
  const { body } = fields;
  if (body === "stall" || body === "cut") response.body = body;
  else if (body !== undefined) response.body = readDurationMs(reading, [...path, "body"], body) ?? 0;
  return response;
}
