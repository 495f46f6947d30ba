/** access_log of a connection manager: logs that are written to files or to the standard streams. */
import type { AccessLogger, HttpConnectionManager, LogFormat } from "#engine";
import { at, type Field, flag, isRecord, items, type Path, sourceOf, text } from "../translation/field.ts";
import { readAccessFilter } from "./envoy-access-filter.ts";
import { typedConfig } from "./typed-config.ts";

/** @param unknown to which the places of other kinds of logs are added */
export function readAccessLogs(manager: Field, unknown: Path[]): Pick<HttpConnectionManager, "accessLogs"> {
  const loggers = items(manager, "access_log").flatMap((field): AccessLogger[] => {
    const { type, config } = typedConfig(at(field, "typed_config") ?? field);
    if (!/(?:File|Stdout|Stderr)AccessLog$/.test(type)) {
      unknown.push(field.path);
      return [];
    }
    text(config, "path");
    const format = readFormat(config);
    if (format === undefined) return [];
    const filter = readAccessFilter(at(field, "filter"), "DownstreamEnd");
    const omitsEmpty = flag(config, "log_format", "omit_empty_values") === true;
    return [
      {
        ...(filter === undefined ? {} : { filter }),
        format,
        ...(omitsEmpty ? { omitsEmpty } : {}),
        source: sourceOf(field),
      },
    ];
  });
  return loggers.length > 0 ? { accessLogs: loggers } : {};
}

/** @returns undefined: it stands outside of the document */
function readFormat(config: Field): LogFormat | undefined {
  const written = at(config, "log_format");
  // Names come in their order, whether that is asked for or not.
  for (const name of ["content_type", "json_format_options"]) JSON.stringify(at(written, name)?.value);
  const json = at(written, "json_format") ?? at(config, "json_format") ?? at(config, "typed_json_format");
  if (json !== undefined && isRecord(json.value)) return JSON.parse(JSON.stringify(json.value)) as LogFormat;
  const bytes = text(written, "text_format_source", "inline_bytes");
  const inline = text(written, "text_format_source", "inline_string") ?? text(written, "text_format") ?? text(config, "format");
  if (inline !== undefined || bytes !== undefined) return inline ?? textOfBytes(bytes ?? "");
  return written === undefined ? defaultFormat : undefined;
}

function textOfBytes(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (one) => one.codePointAt(0) as number));
  } catch {
    return "";
  }
}

/** Without one (SubstitutionFormatUtils::defaultSubstitutionFormatter). */
const defaultFormat =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% ' +
  '%BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" ' +
  '"%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"\n';
