import { importJWK, type JWK, jwtVerify, SignJWT } from "jose";
import { publicKeySet, type SigningKey } from "../keys/signingKey.ts";
import { AuthError } from "./authError.ts";
import type { UserRow } from "./userRow.ts";

/** How long an access token is good for, as on Supabase unless configured. */
export const accessTokenSeconds = 3_600;

/** What an access token says of its bearer, as far as sign-in reads it. */
export interface AccessClaims {
  readonly sub: string;
  readonly session_id: string;
}

/** Signs and verifies the access tokens of one project. */
export class AccessTokens {
  /** The key set that anyone may verify tokens with. */
  readonly jwks: { keys: JWK[] };
  readonly #issuer: string;
  readonly #kid: string;
  readonly #signingKey: Promise<CryptoKey>;
  readonly #publicKey: Promise<CryptoKey>;

  /** `url` is the project's address, as clients know it. */
  constructor(key: SigningKey, url: string) {
    this.jwks = publicKeySet(key);
    this.#issuer = `${url}/auth/v1`;
    this.#kid = key.kid;
    this.#signingKey = importJWK(key, "ES256") as Promise<CryptoKey>;
    this.#publicKey = importJWK(this.jwks.keys[0]!, "ES256") as Promise<CryptoKey>;
  }

  /** A token for this user's session, with the claims that Supabase Auth puts in. */
  async sign(user: UserRow, sessionId: string, method: string): Promise<{ token: string; expiresAt: number }> {
    const now = Math.floor(Date.now() / 1_000);
    const expiresAt = now + accessTokenSeconds;
    const token = await new SignJWT({
      email: user.email ?? "",
      phone: user.phone ?? "",
      app_metadata: user.raw_app_meta_data ?? {},
      user_metadata: user.raw_user_meta_data ?? {},
      role: user.role ?? "authenticated",
      aal: "aal1",
      amr: [{ method, timestamp: now }],
      session_id: sessionId,
      is_anonymous: user.is_anonymous,
    }).setProtectedHeader({ alg: "ES256", typ: "JWT", kid: this.#kid })
      .setIssuer(this.#issuer).setSubject(user.id).setAudience(user.aud ?? "authenticated")
      .setIssuedAt(now).setExpirationTime(expiresAt).sign(await this.#signingKey);
    return { token, expiresAt };
  }

  /** The claims of a bearer token; throws what Supabase Auth answers where it does not verify. */
  async verify(authorization: string | null): Promise<AccessClaims> {
    const token = /^bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    if (token === undefined) {
      throw new AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token");
    }
    try {
      const { payload } = await jwtVerify(token, await this.#publicKey, {
        algorithms: ["ES256"],
        requiredClaims: ["sub", "session_id", "exp"],
      });
      return { sub: String(payload.sub), session_id: String(payload.session_id) };
    } catch {
      throw new AuthError(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
    }
  }
}
