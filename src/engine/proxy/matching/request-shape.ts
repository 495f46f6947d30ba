/**
 * A request as the proxy matches on it, interned: equal requests share one number, so that routing one kind of request is
 * computed once per proxy configuration and looked up afterwards. Immutable; an id says nothing about order of arrival.
 */
import type { RequestTemplate } from "../../model/index.ts";

/** Stands in no header's value. */
export const betweenValues = "\n";

export interface RequestShape {
  readonly id: number;
  readonly method: string;
  readonly scheme: RequestTemplate["scheme"];
  /** Host header without port, lower case. */
  readonly host: string;
  /** What the client connects to, lower case: the URL's host, whatever the Host header says. */
  readonly dialledHost: string;
  readonly port: number;
  /** As the Host header carries it: with the port unless it is the scheme's default. */
  readonly authority: string;
  /** With the query. */
  readonly path: string;
  readonly pathOnly: string;
  readonly query: ReadonlyMap<string, string>;
  /** Lower-case names; several lines of one header with `betweenValues` between them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tokens: RequestTemplate["tokens"];
  /** Neither headers nor tokens: forwarding it adds nothing to another request. */
  readonly bare: boolean;
  /** Made by an internal redirect: its headers were seen to already. */
  readonly isRecreated: boolean;
}

export interface ShapeTable {
  byKey: Map<string, RequestShape>;
  list: RequestShape[];
  /** One of them at least is not bare. */
  hasHeaders: boolean;
  /** Child shapes by template and incoming shape. */
  forwarded: Map<number, RequestShape>;
}

export interface ShapeFields {
  method: string;
  scheme: RequestTemplate["scheme"];
  authority: string;
  dialledHost: string;
  port: number;
  path: string;
  headers: Readonly<Record<string, string>>;
  tokens: RequestTemplate["tokens"];
  isRecreated?: true;
}

export function createShapeTable(): ShapeTable {
  return { byKey: new Map(), list: [], hasHeaders: false, forwarded: new Map() };
}

export function internTemplate(table: ShapeTable, template: RequestTemplate): RequestShape {
  const isDefaultPort =
    (template.scheme === "http" && template.port === 80) || (template.scheme === "https" && template.port === 443);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(template.headers)) headers[name.toLowerCase()] = value;
  const authority =
    headers.host ?? headers[":authority"] ?? (isDefaultPort ? template.host : `${template.host}:${template.port}`);
  delete headers.host;
  delete headers[":authority"];
  return internShape(table, {
    method: template.method,
    scheme: template.scheme,
    authority,
    dialledHost: template.host.toLowerCase(),
    port: template.port,
    path: template.path === "" ? "/" : template.path,
    headers,
    tokens: template.tokens,
  });
}

export function internShape(table: ShapeTable, fields: ShapeFields): RequestShape {
  const names = Object.keys(fields.headers).sort();
  const key = JSON.stringify([
    fields.method,
    fields.scheme,
    fields.authority,
    fields.dialledHost,
    fields.port,
    fields.path,
    names.map((name) => [name, fields.headers[name]]),
    fields.tokens ?? null,
    fields.isRecreated ?? false,
  ]);
  const known = table.byKey.get(key);
  if (known !== undefined) return known;
  const question = fields.path.indexOf("?");
  const shape: RequestShape = Object.freeze({
    id: table.list.length,
    method: fields.method,
    scheme: fields.scheme,
    host: hostWithoutPort(fields.authority).toLowerCase(),
    dialledHost: fields.dialledHost,
    port: fields.port,
    authority: fields.authority,
    path: fields.path,
    pathOnly: question < 0 ? fields.path : fields.path.slice(0, question),
    query: parseQuery(question < 0 ? "" : fields.path.slice(question + 1)),
    headers: fields.headers,
    tokens: fields.tokens,
    bare: names.length === 0 && fields.tokens === undefined,
    isRecreated: fields.isRecreated ?? false,
  });
  table.byKey.set(key, shape);
  table.list.push(shape);
  if (!shape.bare) table.hasHeaders = true;
  return shape;
}

/** The request an application makes while it serves another; headers of the incoming one are copied when it forwards them. */
export function internForwarded(table: ShapeTable, child: RequestShape, incoming: RequestShape): RequestShape {
  if (incoming.bare) return child;
  const key = child.id * 4_194_304 + incoming.id;
  const known = table.forwarded.get(key);
  if (known !== undefined) return known;
  const shape = internShape(table, {
    ...fieldsOf(child),
    headers: { ...incoming.headers, ...child.headers },
    tokens: child.tokens === undefined ? incoming.tokens : { ...incoming.tokens, ...child.tokens },
  });
  table.forwarded.set(key, shape);
  return shape;
}

export function fieldsOf(shape: RequestShape): ShapeFields {
  const { method, scheme, authority, dialledHost, port, path, headers, tokens } = shape;
  return { method, scheme, authority, dialledHost, port, path, headers, tokens };
}

export function hostWithoutPort(authority: string): string {
  const colon = authority.lastIndexOf(":");
  if (colon < 0 || authority.endsWith("]") || !/^\d+$/.test(authority.slice(colon + 1))) return authority;
  return authority.slice(0, colon);
}

function parseQuery(text: string): ReadonlyMap<string, string> {
  const result = new Map<string, string>();
  if (text === "") return result;
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    if (!result.has(name)) result.set(name, equals < 0 ? "" : part.slice(equals + 1));
  }
  return result;
}
