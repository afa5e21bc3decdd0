import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** Signs tokens as Supabase Auth would, with a key made on the spot. */
export interface TokenMaker {
  readonly jwks: { keys: Record<string, unknown>[] };
  /** A user's token; `claims` override the usual ones, `undefined` leaves one out. */
  sign(claims?: JWTPayload): Promise<string>;
}

/** A maker of tokens under a fresh key. */
export async function tokenMaker(options: { alg?: "ES256" | "RS256"; kid?: string } = {}): Promise<TokenMaker> {
  const { alg = "ES256", kid = "test-key" } = options;
  const { publicKey, privateKey } = await generateKeyPair(alg);
  return {
    jwks: { keys: [{ ...await exportJWK(publicKey), alg, kid, use: "sig" }] },
    sign(claims = {}) {
      const now = Math.floor(Date.now() / 1000);
      const usual = {
        sub: "6f1c1f9e-0000-4000-8000-000000000001",
        role: "authenticated",
        aud: "authenticated",
        iss: "http://localhost/auth/v1",
        email: "ada@example.com",
        iat: now,
        exp: now + 3600,
      };
      return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(privateKey);
    },
  };
}
