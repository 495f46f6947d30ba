/** Reads where a request goes: a URL ("http://host:port/path"), and "GET http://…" for probes and `--request`. */
import type { RequestTemplate } from "#engine";
import type { Path } from "./experiment.ts";
import { type Reading, readString, report } from "./field-reader.ts";

const schemes = { http: 80, https: 443, grpc: 80, tcp: 0 } as const;

/** @returns undefined where the text is no URL this model can dial: another scheme, no host, a TCP URL without a port. */
export function parseTarget(text: string): Pick<RequestTemplate, "scheme" | "host" | "port" | "path"> | undefined {
  const match = /^([a-z]+):\/\/(\[[0-9a-fA-F:.]+\]|[^/:?#\s]+)(?::(\d{1,5}))?([/?][^\s#]*)?$/.exec(text);
  const scheme = match?.[1] as keyof typeof schemes | undefined;
  if (!match || scheme === undefined || !Object.hasOwn(schemes, scheme)) return undefined;
  const port = match[3] === undefined ? schemes[scheme] : Number(match[3]);
  if (port < 1 || port > 65_535) return undefined;
  const path = match[4] ?? "/";
  return { scheme, host: match[2] ?? "", port, path: path.startsWith("?") ? `/${path}` : path };
}

export function readTarget(reading: Reading, path: Path, value: unknown): ReturnType<typeof parseTarget> {
  const text = readString(reading, path, value);
  if (text === undefined) return undefined;
  const target = parseTarget(text);
  if (!target) report(reading, path, "MESH1510", { value: text });
  return target;
}

/** "GET http://host:port/path" → a request without headers; the method may be left out. */
export function parseRequestLine(text: string): RequestTemplate | undefined {
  const match = /^(?:([A-Z]+)\s+)?(\S+)$/.exec(text.trim());
  const target = match ? parseTarget(match[2] ?? "") : undefined;
  return target && { method: match?.[1] ?? usualMethod(target), ...target, headers: {} };
}

/** Where none is written: gRPC knows POST alone. */
export function usualMethod(target: Pick<RequestTemplate, "scheme"> | undefined): string {
  return target?.scheme === "grpc" ? "POST" : "GET";
}

/** A token of RFC 9110; pseudo-headers begin with a colon. */
const headerName = /^:?[\w!#$%&'*+.^`|~-]+$/;
const nameCharacters = "a-z 0-9 ! # $ % & ' * + - . ^ _ ` | ~";

/** No control character but a tab: HTTP has no way to send one. A line break stands between two lines of one name. */
const headerValue = /^[\t\n\u0020-\u007e\u0080-\u{10ffff}]*$/u;
const valueCharacters = "U+0020 … U+007E, U+0080 …, \\t, \\n";

/** Header values as a YAML author writes them: numbers and booleans become text. Names are lower case, as in HTTP/2. */
export function readHeaders(reading: Reading, path: Path, value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(reading, path, "MESH1502", { expected: "object" });
    return {};
  }
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(value)) {
    const written = readString(reading, [...path, name], text);
    if (!headerName.test(name))
      report(reading, [...path, name], "MESH1506", { value: name, allowed: nameCharacters }, { part: "key" });
    else if (written !== undefined && !headerValue.test(written))
      report(reading, [...path, name], "MESH1506", { value: JSON.stringify(written), allowed: valueCharacters });
    else if (written !== undefined) headers[name.toLowerCase()] = written;
  }
  return headers;
}
