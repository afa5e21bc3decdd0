import { importJWK, SignJWT } from "jose";
import type { SigningKey } from "../../local/keys/signingKey.ts";

/** What a test's token says. */
export interface TokenOptions {
  /** @default a user of its own */
  readonly userId?: string;
  /** @default 600: negative for a token that has expired */
  readonly expiresInSeconds?: number;
  readonly claims?: Record<string, unknown>;
}

/** A user's token, signed with `key`. */
export async function userToken(key: SigningKey, options: TokenOptions = {}): Promise<string> {
  const { userId = crypto.randomUUID(), expiresInSeconds = 600, claims = {} } = options;
  const now = Math.floor(Date.now() / 1_000);
  return await new SignJWT({ role: "authenticated", ...claims })
    .setProtectedHeader({ alg: "ES256", typ: "JWT", kid: key.kid })
    .setSubject(userId).setAudience("authenticated")
    .setIssuedAt(now - 3_600).setExpirationTime(now + expiresInSeconds)
    .sign(await importJWK(key, "ES256"));
}

/** The claims of a good token, without a signature and saying so. */
export function unsignedToken(token: string): string {
  const header = btoa(JSON.stringify({ alg: "none", typ: "JWT" })).replaceAll("=", "");
  return `${header}.${token.split(".")[1]}.`;
}
