/**
 * Verifies the signatures of the JSON Web Tokens that an experiment's requests carry, against the keys its RequestAuthentications hold
 * (inline `jwks`), with WebCrypto and before the run: the engine only sees the verdict. Keys behind a `jwksUri` cannot be fetched here,
 * as istiod would; a token of such an issuer is believed.
 */
import { type MeshFile, objectOf, parseResources } from "#mesh";

/** By token: whether a key of its issuer signed it. */
export type TokenVerdicts = ReadonlyMap<string, boolean>;

const tokenPattern = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** @returns an empty map where no document asks for tokens. */
export async function verifyTokens(files: readonly MeshFile[]): Promise<TokenVerdicts> {
  const verdicts = new Map<string, boolean>();
  if (!files.some((file) => file.text.includes("RequestAuthentication"))) return verdicts;
  const tokens = new Set(files.flatMap((file) => file.text.match(tokenPattern) ?? []));
  if (tokens.size === 0) return verdicts;
  const issuers = readIssuers(files);
  for (const token of tokens) verdicts.set(token, await isSigned(token, issuers));
  return verdicts;
}

interface Issuer {
  name: string;
  /** Null: they are somewhere else. */
  keys: readonly JsonWebKey[] | null;
}

function readIssuers(files: readonly MeshFile[]): Issuer[] {
  return parseResources(files)
    .resources.filter((one) => one.kind === "RequestAuthentication")
    .flatMap(({ spec }) => (Array.isArray(spec.jwtRules) ? spec.jwtRules : []))
    .map((value): Issuer => {
      const rule = objectOf(value);
      return { name: String(rule.issuer ?? ""), keys: typeof rule.jwks === "string" ? readKeys(rule.jwks) : null };
    });
}

function readKeys(text: string): JsonWebKey[] {
  try {
    const { keys } = JSON.parse(text) as { keys?: JsonWebKey[] };
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}

async function isSigned(token: string, issuers: readonly Issuer[]): Promise<boolean> {
  const parts = readToken(token);
  if (parts === undefined) return false;
  for (const { name, keys } of issuers) {
    if (name !== parts.claims.iss) continue;
    if (keys === null) return true;
    for (const key of keys) if (fits(key, parts.header) && (await verifies(key, String(parts.header.alg), token))) return true;
  }
  return false;
}

function fits(key: JsonWebKey & { kid?: string }, header: Readonly<Record<string, unknown>>): boolean {
  return header.kid === undefined || key.kid === undefined || key.kid === header.kid;
}

/** JWA names → WebCrypto's. */
const algorithms: Readonly<Record<string, RsaHashedImportParams & EcKeyImportParams & EcdsaParams & RsaPssParams>> =
  Object.fromEntries(
    ["256", "384", "512"].flatMap((bits) => {
      const hash = `SHA-${bits}`;
      const shared = { hash, namedCurve: bits === "512" ? "P-521" : `P-${bits}`, saltLength: Number(bits) / 8 };
      return [
        [`RS${bits}`, { name: "RSASSA-PKCS1-v1_5", ...shared }],
        [`PS${bits}`, { name: "RSA-PSS", ...shared }],
        [`ES${bits}`, { name: "ECDSA", ...shared }],
      ];
    }),
  );

async function verifies(key: JsonWebKey, name: string, token: string): Promise<boolean> {
  const algorithm = algorithms[name];
  if (algorithm === undefined) return false;
  const end = token.lastIndexOf(".");
  const signature = bytesOf(token.slice(end + 1));
  if (signature === undefined) return false;
  try {
    const imported = await crypto.subtle.importKey("jwk", key, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, imported, signature, new TextEncoder().encode(token.slice(0, end)));
  } catch {
    // A key of another kind than the algorithm asks for.
    return false;
  }
}

export interface TokenParts {
  header: Readonly<Record<string, unknown>>;
  claims: Readonly<Record<string, unknown>>;
}

/** Header and claims as written, unverified; undefined where the text is no token. */
export function readToken(token: string): TokenParts | undefined {
  const [header, claims, signature, ...more] = token.split(".");
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) return undefined;
  const read = (part: string): Record<string, unknown> | undefined => {
    const bytes = bytesOf(part);
    if (bytes === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
    } catch {
      return undefined;
    }
  };
  const parts = { header: read(header), claims: read(claims) };
  return parts.header && parts.claims ? { header: parts.header, claims: parts.claims } : undefined;
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}
