/** What a request shows to prove who asks. */
export interface Credentials {
  readonly token: string | null;
  readonly apikey: string | null;
}

const bearer = /^bearer +(\S+) *$/i;

/**
 * The credentials of a request. supabase-js sends its API key in `apikey` and, while nobody is signed in, as a bearer
 * token too: such a token proves nothing more and is left out, so that it is not taken for a broken user token.
 */
export function readCredentials(headers: Headers): Credentials {
  const apikey = headers.get("apikey") || null;
  const authorization = headers.get("authorization");
  const token = authorization === null ? null : bearer.exec(authorization)?.[1] ?? null;
  return { token: token === apikey ? null : token, apikey };
}

const addressShape = /^[0-9a-fA-F.:]{2,45}$/;

/**
 * Where the request came from: the first hop of `x-forwarded-for`. The hosted gateway puts the client's address there;
 * behind a proxy that passes a client's own header on, it is only what the client says. Good for counting, not for
 * trusting.
 */
export function clientAddress(headers: Headers): string {
  const first = headers.get("x-forwarded-for")?.split(",", 1)[0]?.trim();
  return first !== undefined && addressShape.test(first) ? first : "unknown";
}
