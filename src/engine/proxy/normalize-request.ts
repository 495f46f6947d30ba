/**
 * What the connection manager makes of path and host before anything else looks at them: ConnectionManagerUtility::maybeNormalizePath and
 * maybeNormalizeHost, and Envoy's fork of Chromium's path canonicalization. Asked of Envoy 1.40, byte for byte. Pure.
 */
import type { RequestNormalization } from "../model/index.ts";
import { isGrpc } from "./grpc-status.ts";
import { fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";

export interface NormalizedRequest {
  /** As filters and routes see it; the same one where nothing had to be done. */
  shape: RequestShape;
  /** Answered at once: 400, or 307 to the path as it is now; 0 = goes on. */
  status: 0 | 307 | 400;
}

/** @param port where the connection came in */
export function normalizeRequest(
  table: ShapeTable,
  policy: RequestNormalization | undefined,
  shape: RequestShape,
  port: number,
): NormalizedRequest {
  // Whatever is set: a fragment is none of a server's business.
  if (shape.path.includes("#")) return { shape, status: 400 };
  if (policy === undefined) return { shape, status: 0 };
  const { path, status } = normalizePath(policy, shape.pathOnly);
  const authority = status === 0 ? normalizeHost(policy, shape.authority, port) : shape.authority;
  // Clients of gRPC follow no redirects.
  const answered = status === 307 && isGrpc(shape) ? 400 : status;
  if (path === shape.pathOnly && authority === shape.authority) return { shape, status: answered };
  const query = shape.path.slice(shape.pathOnly.length);
  return { shape: internShape(table, { ...fieldsOf(shape), path: path + query, authority }), status: answered };
}

function normalizePath(policy: RequestNormalization, written: string): { path: string; status: NormalizedRequest["status"] } {
  let path = written;
  const { escapedSlashes } = policy;
  if (escapedSlashes !== undefined) path = path.replace(/%2f/gi, "/").replace(/%5c/gi, "\\");
  const isUnescaped = path !== written;
  if (isUnescaped && escapedSlashes === "REJECT_REQUEST") return { path, status: 400 };
  if (policy.path) {
    const canonical = canonicalPath(path);
    if (canonical === undefined) return { path, status: 400 };
    path = canonical;
  }
  if (policy.mergesSlashes) path = mergeSlashes(path);
  return { path, status: isUnescaped && escapedSlashes === "UNESCAPE_AND_REDIRECT" ? 307 : 0 };
}

/** @returns undefined for a path that cannot be one: %00 */
function canonicalPath(path: string): string | undefined {
  // "..;x" counts as "..": some servers would take it so.
  const plain = path.replace(/(^|\/)(\.{1,2});[^/]*/g, "$1$2");
  if (plain.includes("%00")) return undefined;
  const kept: string[] = [];
  const segments = plain.slice(1).split(/[/\\]/);
  for (const [index, segment] of segments.entries()) {
    const dots = segment.replace(/%2e/gi, ".");
    const isUp = dots === "..";
    if (isUp) kept.pop();
    if (!isUp && dots !== ".") kept.push(canonicalSegment(segment));
    else if (index === segments.length - 1) kept.push("");
  }
  return `/${kept.join("/")}`;
}

/**
 * What needs no escape has none, and what needs one has it; other escapes stay as they are written. A % that begins none is escaped where it
 * would begin one now ("%2%41").
 */
function canonicalSegment(segment: string): string {
  let made = "";
  let strayAt = -1;
  for (let at = 0; at < segment.length; at++) {
    const character = segment[at] as string;
    if (character !== "%") {
      made += /["<>^`{|}]/.test(character) ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : character;
      continue;
    }
    const digits = /^[\da-f]{2}/i.exec(segment.slice(at + 1, at + 3))?.[0];
    if (digits === undefined) strayAt = made.length;
    if (digits !== undefined) at += 2;
    const meant = digits === undefined ? "%" : String.fromCharCode(Number.parseInt(digits, 16));
    if (!/[-.\w~]/.test(meant)) {
      made += `%${digits ?? ""}`;
      continue;
    }
    made += meant;
    if (strayAt < 0 || strayAt < made.length - 3) continue;
    const behind = made.slice(strayAt + 1);
    const next = behind.length === 1 ? (segment[at + 1] ?? "") : "";
    if (/^[\da-f]{2}$/i.test(behind + next)) made = `${made.slice(0, strayAt)}%25${behind}`;
  }
  return made;
}

function mergeSlashes(path: string): string {
  if (!path.includes("//")) return path;
  const merged = path
    .split("/")
    .filter((part) => part !== "")
    .join("/");
  return `/${merged}${path.endsWith("/") ? "/" : ""}`;
}

/** The dot goes first, so that a port behind it can go as well. */
function normalizeHost(policy: RequestNormalization, authority: string, port: number): string {
  let host = authority;
  if (policy.stripsTrailingDot) {
    const dot = host.lastIndexOf(".");
    if (dot >= 0 && (dot === host.length - 1 || host[dot + 1] === ":")) host = host.slice(0, dot) + host.slice(dot + 1);
  }
  if (!policy.stripsMatchingPort && !policy.stripsAnyPort) return host;
  const colon = host.lastIndexOf(":");
  const written = host.slice(colon + 1);
  if (colon < host.lastIndexOf("]") || colon < 0 || !/^\+?\d+$/.test(written) || Number(written) > 4_294_967_295) return host;
  return policy.stripsAnyPort || Number(written) === port ? host.slice(0, colon) : host;
}
