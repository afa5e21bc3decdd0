import { AppError } from "../errors/appError.ts";

/**
 * The algorithms of Supabase's signing keys. Shared secrets are out: a function that accepts HS256 beside public keys
 * invites tokens signed with the public key, and whoever can check such a token can also make one.
 */
const acceptedAlgorithms = ["ES256", "RS256"];

/** Refuses a bearer token that is not a JWT under a public-key signature, before any cryptography. */
export function checkTokenHeader(token: string): void {
  if (token.startsWith("sb_")) return; // An API key in the wrong header: verification says so in its own words.
  const algorithm = algorithmOf(token);
  if (algorithm === undefined) throw new AppError("invalid_token", "Cannot accept the token as it is not a JWT");
  if (!acceptedAlgorithms.includes(algorithm)) {
    throw new AppError("invalid_token", "Cannot accept the token as it is not signed with a public-key algorithm");
  }
}

function algorithmOf(token: string): string | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  try {
    const header: unknown = JSON.parse(atob(parts[0]!.replaceAll("-", "+").replaceAll("_", "/")));
    const algorithm = (header as { alg?: unknown } | null)?.alg;
    return typeof algorithm === "string" ? algorithm : undefined;
  } catch {
    return undefined; // Not base64, or not JSON: not a JWT.
  }
}
