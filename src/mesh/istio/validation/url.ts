/** URLs as Go's net/url reads them: enough to tell what it refuses, and the scheme of what it takes. */
export interface ParsedUrl {
  scheme: string;
  host: string;
}

/** undefined where net/url.Parse fails. */
export function parseUrl(value: string): ParsedUrl | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: net/url refuses control characters
  if (/[\u0000-\u001f\u007f]/.test(value)) return undefined;
  const withoutFragment = value.split("#", 1)[0]!;
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(withoutFragment)?.[1];
  if (scheme === undefined && /^[^/?]*:/.test(withoutFragment)) return undefined;
  const rest = scheme === undefined ? withoutFragment : withoutFragment.slice(scheme.length + 1);
  if (/%(?![0-9a-fA-F]{2})/.test(rest)) return undefined;
  if (!rest.startsWith("//")) return { scheme: scheme?.toLowerCase() ?? "", host: "" };
  const authority = rest.slice(2).split(/[/?]/, 1)[0]!;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  if (/[ <>"\\^`{|}]/.test(host)) return undefined;
  // Brackets are for IPv6 addresses only.
  if (/[[\]]/.test(host) && !/^\[[0-9a-fA-F:.%]+\](?::\d*)?$/.test(host)) return undefined;
  const port = host.startsWith("[") ? host.slice(host.indexOf("]") + 1) : host.slice(Math.max(host.indexOf(":"), -1));
  if (host.includes(":") && !/^(?::\d*)?$/.test(port)) return undefined;
  return { scheme: scheme?.toLowerCase() ?? "", host };
}

/** net/url.ParseRequestURI: absolute, or a path. */
export function parseRequestUrl(value: string): ParsedUrl | undefined {
  if (value === "" || value.startsWith("#") || value.includes("#")) return undefined;
  const parsed = parseUrl(value);
  if (!parsed) return undefined;
  return parsed.scheme !== "" || value.startsWith("/") ? parsed : undefined;
}
