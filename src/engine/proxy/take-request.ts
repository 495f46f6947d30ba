/**
 * A request as the connection manager takes it: read by the codec, then normalized; or why nobody gets it. What a client sends is as it
 * should be, so the first is about requests that the proxy in front of this one made by rewriting. Asked of Envoy 1.40. Pure.
 */
import type { RequestNormalization } from "../model/index.ts";
import { fieldsOf, internShape, type RequestShape, type ShapeTable } from "./matching/request-shape.ts";
import { normalizeRequest } from "./normalize-request.ts";
import { responseFlags } from "./response-flags.ts";

export interface TakenRequest {
  /** As filters, routes and the access log see it. */
  shape: RequestShape;
  refusal: Refusal | null;
}

interface Refusal {
  /** 0: the connection is closed. */
  status: number;
  flags: number;
  details: string;
}

export function takeRequest(
  table: ShapeTable,
  policy: RequestNormalization | undefined,
  sent: RequestShape,
  port: number,
  isHttp2: boolean,
): TakenRequest {
  const read = sent.isRecreated ? { shape: sent, details: "" } : readRequest(table, sent, isHttp2, policy?.underscores);
  if (read.details !== "") {
    // The log has nothing of what could not be read.
    const shape = internShape(table, { ...fieldsOf(sent), method: "-", authority: "-", path: "-" });
    return { shape, refusal: { status: isHttp2 ? 0 : 400, flags: responseFlags.DPE, details: read.details } };
  }
  if (!read.shape.path.startsWith("/"))
    return { shape: read.shape, refusal: { status: 404, flags: 0, details: "absolute_path_rejected" } };
  const { shape, status } = normalizeRequest(table, policy, read.shape, port);
  return { shape, refusal: status === 0 ? null : { status, flags: 0, details: "path_normalization_failed" } };
}

interface ReadRequest {
  shape: RequestShape;
  /** "" = it can be read. */
  details: string;
}

function readRequest(
  table: ShapeTable,
  sent: RequestShape,
  isHttp2: boolean,
  underscores: RequestNormalization["underscores"],
): ReadRequest {
  const isOdd = underscores !== undefined && Object.keys(sent.headers).some((name) => name.includes("_"));
  if (isOdd && underscores === "REJECT_REQUEST")
    return { shape: sent, details: `${isHttp2 ? "http2" : "http1"}.unexpected_underscore` };
  const shape = isOdd ? withoutUnderscores(table, sent) : sent;
  return isHttp2 ? { shape, details: faultOfHttp2(shape) } : readHttp1(table, shape);
}

function withoutUnderscores(table: ShapeTable, shape: RequestShape): RequestShape {
  const kept = Object.entries(shape.headers).filter(([name]) => !name.includes("_"));
  return internShape(table, { ...fieldsOf(shape), headers: Object.fromEntries(kept) });
}

const authorityHttp1 = /^[\w.~:@[\]!$&'()*+,;=%-]*$/;
const authorityHttp2 = /^[\w.~:[\]!$&'()*+,;=%-]*$/;

/** What stands below a blank, and the blank. */
function hasControls(text: string): boolean {
  return [...text].some((character) => character <= " " || character === "\x7f");
}

function faultOfHttp2({ method, path, authority }: RequestShape): string {
  if (hasControls(path) || !authorityHttp2.test(authority)) return "http2.invalid.header.field";
  const isPath = path.startsWith("/") || (path === "*" && method === "OPTIONS");
  return isPath ? "" : "http2.violation.of.messaging.rule";
}

const absoluteUrl = /^([a-z]+):\/\/(?:[^/?#]*@)?([^/?#]*)(.*)$/i;
const urlHost = /^(?:[a-z\d.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;

function readHttp1(table: ShapeTable, shape: RequestShape): ReadRequest {
  const { method, path, authority } = shape;
  const failed = (details: string) => ({ shape, details });
  if (hasControls(path) || /[^\x20-\x7e]/.test(path)) return failed("http1.codec_error");
  if (!authorityHttp1.test(authority)) return failed("http.invalid_authority");
  if (path.startsWith("/") || (path === "*" && method === "OPTIONS")) return { shape, details: "" };
  if (path === "*") return failed("http1.invalid_url");
  const [, scheme = "", host = "", rest = ""] = absoluteUrl.exec(path) ?? [];
  if (scheme === "") return failed("http1.codec_error");
  if (!urlHost.test(host)) return failed(host === "" || /^[\w.:-]*$/.test(host) ? "http1.invalid_url" : "http1.codec_error");
  if (!/^https?$/i.test(scheme)) return failed("http1.invalid_scheme");
  // Of a proxy's client: it says all of it.
  return { shape: internShape(table, { ...fieldsOf(shape), authority: host, path: rest === "" ? "/" : rest }), details: "" };
}
