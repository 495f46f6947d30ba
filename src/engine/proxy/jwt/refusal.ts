/** The answer of jwt_authn to a request that it refuses. Pure. */
import type { RequestShape } from "../matching/request-shape.ts";
import { missing, wrongAudience } from "./statuses.ts";

/** How its response code details begin. */
export const deniedDetails = "jwt_authn_access_denied";

export function detailsOf(status: string): string {
  return `${deniedDetails}{${status.replaceAll(" ", "_")}}`;
}

export function statusOf(status: string): number {
  return status === wrongAudience ? 403 : 401;
}

/** As much of the address as 256 characters hold. */
const longestUri = 256;

/** www-authenticate: Envoy tells the client where it has no access (RFC 6750, 3). */
export function challengeOf({ scheme, authority, path }: RequestShape, details: string): string {
  const uri = `${scheme === "https" ? "https" : "http"}://${authority}${path.slice(0, longestUri)}`;
  return `Bearer realm="${uri}"${details === detailsOf(missing) ? "" : ', error="invalid_token"'}`;
}
