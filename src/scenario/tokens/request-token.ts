/** The token a request carries, where it carries it, and what was found out about it before the run. */
import type { RequestTemplate } from "#engine";
import { epochSeconds } from "../epoch.ts";
import { readToken, type TokenVerdicts } from "./verify-tokens.ts";

/** @returns the request with what the engine has to know of its token; the same request where it has none. */
export function withToken(request: RequestTemplate, verdicts: TokenVerdicts): RequestTemplate {
  const found = findToken(request);
  if (found === undefined) return request;
  const claims = readToken(found.token)?.claims ?? {};
  const inTime = timeOf(claims.exp, Infinity) > epochSeconds && timeOf(claims.nbf, 0) <= epochSeconds;
  const jwt = {
    valid: inTime && verdicts.get(found.token) === true,
    issuer: typeof claims.iss === "string" ? claims.iss : "",
    subject: typeof claims.sub === "string" ? claims.sub : "",
    claims,
    place: found.place,
  };
  return { ...request, jwt };
}

function timeOf(claim: unknown, absent: number): number {
  return typeof claim === "number" ? claim : absent;
}

/** Authorization first, then other headers, query parameters and cookies that hold something shaped like a token. */
function findToken({ headers, path }: RequestTemplate): { token: string; place: string } | undefined {
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (bearer !== undefined) return { token: bearer, place: "header:authorization" };
  for (const [name, value] of Object.entries(headers)) {
    const token = shaped(value);
    if (token !== undefined && name !== "cookie") return { token, place: `header:${name}` };
  }
  for (const pair of (path.split("?")[1] ?? "").split("&")) {
    const token = shaped(pair);
    if (token !== undefined) return { token, place: `param:${pair.split("=")[0]}` };
  }
  for (const cookie of (headers.cookie ?? "").split(";")) {
    const token = shaped(cookie);
    if (token !== undefined) return { token, place: `cookie:${cookie.trim().split("=")[0]}` };
  }
  return undefined;
}

function shaped(text: string): string | undefined {
  return /(eyJ[\w-]+\.[\w-]+\.[\w-]*)$/.exec(text.trim())?.[1];
}
