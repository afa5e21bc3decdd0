import type { JWK } from "jose";

/** The private half of the key that signs user tokens, with its name. */
export interface SigningKey extends JWK {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly d: string;
  readonly kid: string;
  readonly alg: "ES256";
}

/** Makes a key pair for ES256, the algorithm of new Supabase projects. */
export async function makeSigningKey(): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]);
  const { x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return { kty: "EC", crv: "P-256", x: x!, y: y!, d: d!, kid: crypto.randomUUID(), alg: "ES256" };
}

/** The key set that anyone may have, to verify tokens with. */
export function publicKeySet(key: SigningKey): { keys: JWK[] } {
  const { kty, crv, x, y, kid, alg } = key;
  return { keys: [{ kty, crv, x, y, kid, alg, use: "sig", key_ops: ["verify"] }] };
}
