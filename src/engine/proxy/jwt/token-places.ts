/** Where jwt_authn looks for tokens, as Envoy's extractor does (jwt_authn/extractor.cc). Pure. */
import type { JwtProvider } from "../../model/index.ts";
import { betweenValues } from "../matching/request-shape.ts";

/** The part of a request that holds tokens; a token that is not forwarded leaves it. */
export interface TokenCarrier {
  headers: Record<string, string>;
  /** With the query. */
  path: string;
}

export interface FoundToken {
  text: string;
  /** Issuers whose providers look at this place; "" stands for any. */
  issuers: ReadonlySet<string>;
  removeFrom(carrier: TokenCarrier): void;
}

interface Place {
  kind: "header" | "param" | "cookie";
  name: string;
  prefix: string;
  issuers: Set<string>;
}

const kinds = ["header", "param", "cookie"] as const;

/** @returns in Envoy's order: headers, parameters, cookies, each by name */
export function findTokens(providers: readonly JwtProvider[], carrier: TokenCarrier): FoundToken[] {
  const places = new Map<string, Place>();
  for (const provider of providers) {
    for (const { kind, name, prefix } of placesOf(provider)) {
      const key = `${kinds.indexOf(kind)}${name}${prefix}`;
      const place = places.get(key) ?? { kind, name, prefix, issuers: new Set() };
      place.issuers.add(provider.issuer);
      places.set(key, place);
    }
  }
  return [...places.keys()].sort().flatMap((key) => tokensAt(places.get(key) as Place, carrier));
}

function placesOf({ fromHeaders = [], fromParams = [], fromCookies = [] }: JwtProvider): Omit<Place, "issuers">[] {
  const written = [
    ...fromHeaders.map(({ name, prefix = "" }) => ({ kind: "header" as const, name: name.toLowerCase(), prefix })),
    ...fromParams.map((name) => ({ kind: "param" as const, name, prefix: "" })),
    ...fromCookies.map((name) => ({ kind: "cookie" as const, name, prefix: "" })),
  ];
  if (written.length > 0) return written;
  return [
    { kind: "header", name: "authorization", prefix: "Bearer " },
    { kind: "param", name: "access_token", prefix: "" },
  ];
}

function tokensAt({ kind, name, prefix, issuers }: Place, carrier: TokenCarrier): FoundToken[] {
  switch (kind) {
    case "header":
      return (carrier.headers[name]?.split(betweenValues) ?? []).flatMap((value) => {
        const text = afterPrefix(value.trim(), prefix);
        return text === undefined ? [] : [{ text, issuers, removeFrom: ({ headers }) => delete headers[name] }];
      });
    case "param": {
      const [found] = queryOf(carrier.path).filter((pair) => nameOf(pair) === name);
      if (found === undefined) return [];
      return [{ text: found.slice(name.length + 1), issuers, removeFrom: (from) => removeParameter(from, name) }];
    }
    case "cookie": {
      const pairs = (carrier.headers.cookie ?? "").split(";").map((pair) => pair.trim());
      const found = pairs.find((pair) => nameOf(pair) === name);
      // Envoy leaves a cookie where it is.
      return found === undefined ? [] : [{ text: found.slice(name.length + 1), issuers, removeFrom: () => {} }];
    }
  }
}

/** The prefix may stand anywhere; the token begins at the first character behind it that one may have. */
function afterPrefix(value: string, prefix: string): string | undefined {
  if (prefix === "") return value;
  const found = value.indexOf(prefix);
  if (found < 0) return undefined;
  const behind = value.slice(found + prefix.length);
  const start = behind.search(/[\w.-]/);
  return start < 0 ? value : behind.slice(start);
}

function nameOf(pair: string): string {
  const equals = pair.indexOf("=");
  return equals < 0 ? pair : pair.slice(0, equals);
}

function queryOf(path: string): string[] {
  const question = path.indexOf("?");
  return question < 0 ? [] : path.slice(question + 1).split("&");
}

function removeParameter(carrier: TokenCarrier, name: string): void {
  const question = carrier.path.indexOf("?");
  // Envoy writes the others anew, by name.
  const left = queryOf(carrier.path)
    .filter((pair) => nameOf(pair) !== name)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0));
  carrier.path = carrier.path.slice(0, question) + (left.length > 0 ? `?${left.join("&")}` : "");
}
