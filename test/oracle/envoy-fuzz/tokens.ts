/** Random jwt_authn: providers, requirements of every kind nested in each other, and requests with tokens that are right, wrong or none. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { Dice } from "./dice.ts";
import type { FuzzRequest } from "./requests.ts";
import type { Tree } from "./words.ts";

interface Key {
  kid: string;
  privateKey: KeyObject;
  jwk: Tree;
}

/** Of this process alone: signatures differ from run to run, what comes of them does not. */
const keys: readonly Key[] = ["k1", "k2"].map((kid) => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid } };
});

const issuers = ["https://a.example", "https://b.example"] as const;
const audiences = ["shop", "other"] as const;
const names = ["p1", "p2", "p3"] as const;

export function tokenFilter(dice: Dice): Tree {
  const used = names.slice(0, 1 + dice.below(3));
  const prefixes = ["/a", "/b", "/c", "/"];
  return {
    name: "envoy.filters.http.jwt_authn",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
      // Of two of one issuer Envoy takes either.
      providers: Object.fromEntries(used.map((name, at) => [name, provider(dice, issuers[at])])),
      rules: prefixes
        .filter(() => dice.chance(0.8))
        .map((prefix) => ({ match: { prefix }, ...dice.maybe(0.9, () => ({ requires: requirement(dice, used, 2) })) })),
      ...dice.maybe(0.2, () => ({ bypass_cors_preflight: true })),
    },
  };
}

function provider(dice: Dice, issuer: string | undefined): Tree {
  const own = dice.pick([[keys[0]], [keys[1]], keys]) as readonly Key[];
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...dice.maybe(0.4, () => ({ audiences: dice.many(1, 2, () => dice.pick(audiences)) })),
    local_jwks: { inline_string: JSON.stringify({ keys: own.map(({ jwk }) => jwk) }) },
    ...dice.maybe(0.5, () => ({ forward: dice.chance(0.7) })),
    ...dice.maybe(0.3, () => ({
      from_headers: [
        { name: dice.pick(["x-token", "X-Token", "authorization"]), value_prefix: dice.pick(["", "Tok ", "Bearer "]) },
      ],
    })),
    ...dice.maybe(0.2, () => ({ from_params: ["t"] })),
    ...dice.maybe(0.2, () => ({ from_cookies: ["session"] })),
    ...dice.maybe(0.3, () => ({ claim_to_headers: [{ header_name: "x-sub", claim_name: dice.pick(["sub", "level"]) }] })),
    ...dice.maybe(0.2, () => ({ require_expiration: true })),
    ...dice.maybe(0.1, () => ({ max_lifetime: "3600s" })),
    ...dice.maybe(0.1, () => ({ subjects: { prefix: "some" } })),
  };
}

function requirement(dice: Dice, used: readonly string[], depth: number): Tree {
  const below = (kind: string) => ({
    [kind]: { requirements: dice.many(2, 3, () => requirement(dice, used, depth - 1)) },
  });
  const leaves: readonly (() => Tree)[] = [
    () => ({ provider_name: dice.pick(used) }),
    () => ({ provider_name: dice.pick(used) }),
    () => ({ provider_and_audiences: { provider_name: dice.pick(used), audiences: [dice.pick(audiences)] } }),
    () => ({ allow_missing: {} }),
    () => ({ allow_missing_or_failed: {} }),
  ];
  const nested: readonly (() => Tree)[] = [() => below("requires_any"), () => below("requires_all")];
  return dice.pick(depth > 0 && dice.chance(0.4) ? nested : leaves)();
}

export function tokenTable(): Tree {
  const routes = [{ name: "r", match: { prefix: "/" }, route: { cluster: "echo1" } }];
  return { name: "table", virtual_hosts: [{ name: "v", domains: ["*"], routes }] };
}

export function tokenRequest(dice: Dice, listener: number): FuzzRequest {
  const places = dice.many(0, 2, () =>
    dice.pick(["authorization", "authorization", "authorization", "x-token", "parameter", "cookie"] as const),
  );
  const headers: Record<string, string> = { host: "a.example" };
  let query = "";
  for (const place of places) {
    const token = tokenOf(dice);
    if (place === "parameter") query = `?t=${token}`;
    else if (place === "cookie") headers.cookie = `session=${token}`;
    else
      headers[place] =
        `${place === "authorization" ? dice.pick(["Bearer ", "Bearer ", "bearer ", ""]) : dice.pick(["", "Tok "])}${token}`.trim();
  }
  if (dice.chance(0.1)) Object.assign(headers, { origin: "http://b.example", "access-control-request-method": "GET" });
  const method = "access-control-request-method" in headers ? "OPTIONS" : "GET";
  return { listener, method, path: `${dice.pick(["/a", "/b/x", "/c", "/d"])}${query}`, headers };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function tokenOf(dice: Dice): string {
  if (dice.chance(0.08)) return dice.pick(["", "x", "a.b.c", "e30.e30.e30", "..", `${encode({ alg: "none" })}.${encode({})}.`]);
  const key = dice.pick(keys);
  const header = {
    alg: dice.chance(0.95) ? "ES256" : dice.pick(["RS256", "XX"]),
    typ: "JWT",
    ...dice.maybe(0.8, () => ({ kid: dice.chance(0.9) ? key.kid : dice.pick(["k1", "k9"]) })),
  };
  const payload = {
    ...dice.maybe(0.95, () => ({ iss: dice.chance(0.95) ? dice.pick(issuers) : "https://c.example" })),
    ...dice.maybe(0.6, () => ({ aud: dice.pick<unknown>(["shop", "other", ["other", "shop"], "none", "shop/"]) })),
    ...dice.maybe(0.7, () => ({ exp: dice.chance(0.85) ? 4_102_444_800 : 1_000_000_000 })),
    ...dice.maybe(0.1, () => ({ nbf: dice.pick([1_000_000_000, 4_102_444_800]) })),
    ...dice.maybe(0.6, () => ({ sub: dice.pick(["someone", "nobody"]) })),
    ...dice.maybe(0.2, () => ({ level: dice.pick<unknown>([7, "high", true]) })),
  };
  const signed = `${encode(header)}.${encode(payload)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: key.privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
  return `${signed}.${dice.chance(0.92) ? signature : `AAAA${signature.slice(4)}`}`;
}
