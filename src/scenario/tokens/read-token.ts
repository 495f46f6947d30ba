/** A JSON Web Token as written: its parts, and what is wrong with its form in the words of Envoy (jwt_verify_lib's jwt.cc and status.cc). */

export interface TokenParts {
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
  signature: Uint8Array<ArrayBuffer>;
}

const algorithms = /^(?:(?:RS|PS|ES|HS)(?:256|384|512)|EdDSA)$/;

/** Unverified; a text says what is wrong, as Envoy looks at it: header, claims, signature. */
export function readToken(token: string): TokenParts | string {
  const [head = "", payload = "", last = "", ...more] = token.split(".");
  if (last === "" || more.length > 0) return "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections";
  const header = readObject(head);
  if (typeof header === "string") return `Jwt header is an invalid ${header}`;
  if (typeof header.alg !== "string") return "Jwt header [alg] field is required and must be a string";
  if (!algorithms.test(header.alg)) return "Jwt header [alg] is not supported";
  if (header.kid !== undefined && typeof header.kid !== "string") return "Jwt header [kid] field is not a string";
  const claims = readObject(payload);
  if (typeof claims === "string") return `Jwt payload is an invalid ${claims}`;
  for (const name of ["iss", "sub"])
    if (claims[name] !== undefined && typeof claims[name] !== "string") return `Jwt payload [${name}] field is not a string`;
  for (const name of ["iat", "nbf", "exp"]) {
    const moment = claims[name];
    if (moment === undefined) continue;
    if (typeof moment !== "number") return `Jwt payload [${name}] field is not an integer`;
    if (moment < 0 || moment >= 2 ** 64) return `Jwt payload [${name}] field is not a positive 64 bit integer`;
  }
  if (claims.jti !== undefined && typeof claims.jti !== "string") return "Jwt payload [jti] field is not a string";
  const { aud } = claims;
  const audiences = Array.isArray(aud) ? aud : aud === undefined ? [] : [aud];
  if (audiences.some((one) => typeof one !== "string")) return "Jwt payload [aud] field is not a string or string list";
  const signature = bytesOf(last);
  return signature === undefined ? "Jwt signature is an invalid Base64url encoded" : { header, claims, signature };
}

function readObject(part: string): Record<string, unknown> | string {
  const bytes = bytesOf(part);
  if (bytes === undefined) return "Base64url encoded";
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : "JSON";
  } catch {
    return "JSON";
  }
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
