/**
 * Texts with command operators anywhere in a bootstrap: access log formats, values of headers, bodies of local replies. What Envoy refuses
 * of them (SubstitutionFormatParser), and which operators a run has no values for. A chunk of its own (bootstrap-fields.ts).
 */
import { type CommandOperator, coalesced, isLogged, parseFormat } from "#base";
import { isFormattable } from "#engine";
import type { Finding } from "../../diagnostics/finding.ts";
import type { Path } from "../../document/node-path.ts";
import { isObject } from "../../resource/json-value.ts";
import { operatorRules } from "./operator-table.ts";

export interface FormatVerdict {
  findings: readonly Finding[];
  /** Texts with an operator that has no value here. */
  notSimulated: readonly Path[];
}

interface Place {
  text: string;
  path: Path;
  /** Of a value of a header, a log, or a body. */
  where: "header" | "log" | "body";
  /** Extensions (`formatters`) may bring operators of their own. */
  isOpen: boolean;
}

/** @param bootstrap as it is meant (judge-fields.ts) */
export function judgeFormats(bootstrap: unknown): FormatVerdict {
  const places = placesIn(bootstrap, [], undefined);
  const findings = places.flatMap(({ text, path, isOpen }): Finding[] => {
    const reason = reasonAgainst(text, isOpen);
    return reason === undefined ? [] : [{ code: "MESH1904", path, params: { reason } }];
  });
  const refused = new Set(findings.map(({ path }) => path));
  const known = places.filter(({ path, where, text }) => !refused.has(path) && where !== "body" && !isSimulated(text, where));
  return { findings, notSimulated: known.map(({ path }) => path) };
}

function isSimulated(text: string, where: Place["where"]): boolean {
  if (where === "header") return isFormattable(text);
  const parts = parseFormat(text);
  return typeof parts === "number" || parts.every((part) => typeof part === "string" || isLogged(part));
}

/** @param log whether it stands in an access log, or in a body; undefined: in neither */
function placesIn(value: unknown, path: Path, log: "log" | "body" | undefined): Place[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => placesIn(one, [...path, at], log));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, below]): Place[] => {
    const own = [...path, key];
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (name === "header" && isObject(below) && typeof below.value === "string")
      return [{ text: below.value, path: [...own, "value"], where: "header", isOpen: false }];
    const inside = name === "access_log" ? "log" : name.startsWith("body_format") ? "body" : log;
    if (inside === undefined) return placesIn(below, own, inside);
    const isOpen = Array.isArray(value.formatters) && value.formatters.length > 0;
    const textAt = (text: unknown, at: Path): Place[] =>
      typeof text === "string" ? [{ text, path: at, where: inside, isOpen }] : [];
    if (name === "text_format" || name === "format") return textAt(below, own);
    if (name === "text_format_source" && isObject(below)) {
      const written = "inline_string" in below ? "inline_string" : "inlineString";
      return textAt(below[written], [...own, written]);
    }
    if (name === "json_format" || name === "typed_json_format")
      return textsIn(below, own).flatMap(([text, at]) => textAt(text, at));
    return placesIn(below, own, inside);
  });
}

function textsIn(value: unknown, path: Path): [string, Path][] {
  if (typeof value === "string") return [[value, path]];
  if (Array.isArray(value)) return value.flatMap((one, at) => textsIn(one, [...path, at]));
  return isObject(value) ? Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key])) : [];
}

/** What Envoy says, or undefined where it takes the text. */
function reasonAgainst(text: string, isOpen: boolean): string | undefined {
  const parts = parseFormat(text);
  if (typeof parts === "number") return `Incorrect configuration: ${text}. Couldn't find valid command at position ${parts}`;
  for (const part of parts) {
    const reason = typeof part === "string" ? undefined : operatorReason(part, isOpen);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function operatorReason({ name, argument, length }: CommandOperator, isOpen: boolean): string | undefined {
  const rule = operatorRules.get(name);
  if (rule === undefined) return isOpen ? undefined : `Not supported field in StreamInfo: ${name}`;
  if (rule.argument === "none")
    return argument !== "" || length !== undefined ? `${name} does not take any parameters or length` : undefined;
  if (rule.argument === "required" && argument === "") return `${name} requires parameters`;
  if (!rule.length && length !== undefined) return `${name} does not allow length to be specified.`;
  if (headerOperators.test(name)) return headerReason(argument);
  if (name === "METADATA") return metadataReason(argument);
  if (name === "COALESCE") return coalesceReason(argument);
  return choiceReason(name, argument, rule.choices ?? []);
}

const headerOperators = /^(?:REQ|RESP|TRAILER|REQUEST_HEADER|RESPONSE_HEADER|RESPONSE_TRAILER|STREAM_INFO_REQ)$/;

function headerReason(argument: string): string | undefined {
  const names = argument.split("?");
  if (names.length > 2) return `More than 1 alternative header specified in token: ${argument}`;
  // The characters of a token; the names of HTTP/2 begin with a colon.
  return names.every((one) => one === "" || /^:?[\w!#$%&'*+.^`|~-]+$/.test(one))
    ? undefined
    : "Invalid header configuration. Format string contains invalid characters.";
}

const metadataTypes = /^(?:DYNAMIC|CLUSTER|ROUTE|UPSTREAM_HOST|LISTENER|LISTENER_FILTER_CHAIN|VIRTUAL_HOST)$/;

function metadataReason(argument: string): string | undefined {
  const [type = ""] = argument.split(":");
  return metadataTypes.test(type) ? undefined : `${type} is not supported type of metadata`;
}

function choiceReason(name: string, argument: string, choices: readonly (readonly string[])[]): string | undefined {
  const parts = argument.split(":");
  for (const [at, allowed] of choices.entries()) {
    const part = parts[at] ?? "";
    if (part === "" || allowed.includes(part)) continue;
    if (name === "GRPC_STATUS") return `GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or NUMBER. Got: ${argument}`;
    return `Invalid ${name} option: '${part}', only ${allowed.map((one) => `'${one}'`).join("/")} are allowed`;
  }
  return undefined;
}

function coalesceReason(argument: string): string | undefined {
  let operators: readonly CommandOperator[];
  try {
    operators = coalesced(argument);
  } catch {
    return "COALESCE: failed to parse JSON configuration";
  }
  if (operators.length === 0) return "COALESCE: 'operators' array must not be empty";
  for (const [index, operator] of operators.entries()) {
    const reason =
      typeof operator.name !== "string"
        ? "operator entry must be either a string (command name) or an object with 'command' field"
        : !operatorRules.has(operator.name)
          ? `unknown command: '${operator.name}'`
          : (operator.length ?? 1) < 1
            ? "'max_length' must be a positive integer"
            : operatorReason(operator, false);
    if (reason !== undefined) return `COALESCE: failed to parse operator at index ${index}: ${reason}`;
  }
  return undefined;
}
