/**
 * Verifies the signatures of the JSON Web Tokens that an experiment's requests carry, against the key sets that stand in its
 * RequestAuthentications (`jwks`) and bootstraps (`local_jwks`), with WebCrypto and before the run: the engine only sees verdicts. Keys
 * behind an address cannot be fetched here, as istiod and Envoy would; a token of such an issuer is believed.
 */
import { type MeshFile, objectOf, parseResources } from "#mesh";
import { readToken, type TokenParts } from "./read-token.ts";

/** By token: by key set as written what verification says, in Envoy's words; "": a key of it signed the token. */
export type TokenVerdicts = ReadonlyMap<string, Readonly<Record<string, string>>>;

export const tokenPattern = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/**
 * @param requests texts beside the files in which tokens stand
 * @returns an empty map where no document asks for tokens.
 */
export async function verifyTokens(files: readonly MeshFile[], requests: readonly string[] = []): Promise<TokenVerdicts> {
  const verdicts = new Map<string, Record<string, string>>();
  if (!files.some(({ text }) => /RequestAuthentication|jwks/i.test(text))) return verdicts;
  const tokens = new Set([...files.map(({ text }) => text), ...requests].flatMap((text) => text.match(tokenPattern) ?? []));
  if (tokens.size === 0) return verdicts;
  const keySets = [...new Set(parseResources(files).resources.flatMap(({ object }) => keySetsIn(object)))];
  for (const token of tokens) {
    const parts = readToken(token);
    if (typeof parts === "string") continue;
    const found: Record<string, string> = {};
    for (const keys of keySets) found[keys] = await verdictOf(token, parts, readKeys(keys));
    verdicts.set(token, found);
  }
  return verdicts;
}

/** Where a key set may stand, whatever it stands in. */
const places: ReadonlySet<string> = new Set(["jwks", "inline_string", "inlineString"]);

function keySetsIn(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, below]) =>
    typeof below === "string" ? (places.has(key) && below.includes('"keys"') ? [below] : []) : keySetsIn(below),
  );
}

function readKeys(text: string): JsonWebKey[] {
  try {
    const { keys } = JSON.parse(text) as { keys?: JsonWebKey[] };
    return Array.isArray(keys) ? keys : [];
  } catch {
    return [];
  }
}

/** As jwt_verify_lib's verify.cc: keys of another name or algorithm are not asked. */
async function verdictOf(token: string, parts: TokenParts, keys: readonly (JsonWebKey & { kid?: string })[]): Promise<string> {
  const { kid, alg } = objectOf(parts.header);
  const fitting = keys.filter(
    (key) => (kid === undefined || key.kid === undefined || key.kid === kid) && (key.alg === undefined || key.alg === alg),
  );
  if (fitting.length === 0) return "Jwks doesn't have key to match kid or alg from Jwt";
  for (const key of fitting) if (await verifies(key, String(alg), token, parts.signature)) return "";
  return "Jwt verification fails";
}

type Algorithm = RsaHashedImportParams & EcKeyImportParams & EcdsaParams & RsaPssParams & HmacImportParams;

/** What a key does with an algorithm is the key's kind; the algorithm's name says how much is hashed. */
function algorithmFor({ kty, crv }: JsonWebKey, alg: string): Algorithm | undefined {
  const bits = /384|512/.exec(alg)?.[0] ?? "256";
  const shared = { hash: `SHA-${bits}`, namedCurve: crv ?? "", saltLength: Number(bits) / 8 };
  if (kty === "RSA") return { name: alg.startsWith("PS") ? "RSA-PSS" : "RSASSA-PKCS1-v1_5", ...shared };
  if (kty === "EC") return { name: "ECDSA", ...shared };
  if (kty === "OKP") return { name: "Ed25519", ...shared };
  return kty === "oct" ? { name: "HMAC", ...shared } : undefined;
}

async function verifies(key: JsonWebKey, alg: string, token: string, signature: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const algorithm = algorithmFor(key, alg);
  if (algorithm === undefined) return false;
  // What else a key says of its use is not asked.
  const { alg: _alg, use: _use, key_ops: _operations, ...bare } = key;
  try {
    const imported = await crypto.subtle.importKey("jwk", bare, algorithm, false, ["verify"]);
    const signed = new TextEncoder().encode(token.slice(0, token.lastIndexOf(".")));
    return await crypto.subtle.verify(algorithm, imported, signature, signed);
  } catch {
    // A key of another kind than the algorithm asks for.
    return false;
  }
}
