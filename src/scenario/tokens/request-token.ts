/** The tokens a request carries, and what was found out about them before the run. */
import type { RequestTemplate, TokenFacts } from "#engine";
import { epochSeconds } from "../epoch.ts";
import { readToken } from "./read-token.ts";
import { type TokenVerdicts, tokenPattern } from "./verify-tokens.ts";

/** @returns the request with what the engine has to know of its tokens; the same request where it has none. */
export function withTokens(request: RequestTemplate, verdicts: TokenVerdicts): RequestTemplate {
  const tokens = tokensIn(request, verdicts);
  return tokens === undefined ? request : { ...request, tokens };
}

/** @returns undefined where it carries none. */
export function tokensIn(
  { headers, path }: Pick<RequestTemplate, "headers" | "path">,
  verdicts: TokenVerdicts,
): RequestTemplate["tokens"] {
  const found = [...Object.values(headers), path].flatMap((text) => text.match(tokenPattern) ?? []);
  return found.length === 0 ? undefined : Object.fromEntries(found.map((token) => [token, factsOf(token, verdicts)]));
}

function factsOf(token: string, verdicts: TokenVerdicts): TokenFacts {
  const signatures = verdicts.get(token) ?? {};
  const parts = readToken(token);
  if (typeof parts === "string") return { problem: parts, header: {}, claims: {}, signatures };
  const { header, claims } = parts;
  return {
    problem: "",
    header,
    claims,
    // Envoy takes 0 for a claim that is not there.
    ...(typeof claims.exp === "number" && claims.exp !== 0 ? { expiresInS: claims.exp - epochSeconds } : {}),
    ...(typeof claims.nbf === "number" ? { validInS: claims.nbf - epochSeconds } : {}),
    signatures,
  };
}
