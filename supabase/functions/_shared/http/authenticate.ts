import type { verifyCredentials, VerifyCredentialsOptions } from "@supabase/server/core";
import { AppError } from "../errors/appError.ts";
import type { SupabaseEnv } from "../platform/supabaseEnv.ts";
import type { Caller } from "./caller.ts";
import type { AuthMode } from "./contract.ts";
import type { Credentials } from "./credentials.ts";
import { checkTokenHeader } from "./tokenHeader.ts";

/** Who the credentials prove the caller to be, but for the address. */
export type Identity = Caller extends infer Kind ? Kind extends Caller ? Omit<Kind, "clientAddress"> : never : never;

/** Options of {@link authenticate}. */
export interface AuthenticateOptions {
  readonly modes: readonly AuthMode[];
  readonly env: SupabaseEnv;
  /** The `aud` a user's token must have. @default "authenticated", as Supabase Auth issues it */
  readonly audience?: string;
  /** The `iss` a user's token must have. @default not checked: it differs under a custom domain */
  readonly issuer?: string;
}

// Loaded at the first credentials to check: it brings supabase-js with it, half of a function's load time otherwise, which
// preflights and public functions need not wait for.
let loading: Promise<{ verifyCredentials: typeof verifyCredentials }> | undefined;

function forget(error: unknown): never {
  loading = undefined;
  throw error;
}

type Failure = NonNullable<Awaited<ReturnType<typeof verifyCredentials>>["error"]>;

/** Proves who asks by the first mode that fits, or throws the error that says what is wrong with the credentials. */
export async function authenticate(credentials: Credentials, options: AuthenticateOptions): Promise<Identity> {
  const { modes, env, audience = "authenticated", issuer } = options;
  if (credentials.token !== null && modes.includes("user")) checkTokenHeader(credentials.token);
  const verifier = await (loading ??= import("./credentialVerifier.ts").catch(forget));
  const { data, error } = await verifier.verifyCredentials(credentials, {
    auth: modes as NonNullable<VerifyCredentialsOptions["auth"]>,
    env: env as unknown as NonNullable<VerifyCredentialsOptions["env"]>,
    audience,
    ...(issuer === undefined ? {} : { issuer }),
  });
  if (error !== null) throw toAppError(error, credentials, options);
  switch (data.authMode) {
    case "user":
      return userIdentity(data.jwtClaims as Readonly<Record<string, unknown>>, modes);
    case "publishable":
    case "secret":
      return { kind: data.authMode, keyName: data.keyName ?? "default" };
    case "none":
      return { kind: "none" };
  }
}

function userIdentity(claims: Readonly<Record<string, unknown>>, modes: readonly AuthMode[]): Identity {
  const { sub, role, exp, email } = claims;
  if (typeof exp !== "number") throw new AppError("invalid_token", "Cannot accept the token as it never expires");
  if (typeof sub !== "string" || sub === "") {
    throw new AppError("invalid_token", "Cannot accept the token as it names no user");
  }
  // A token of `service_role` bypasses row level security: it is a key, and keys travel in `apikey`.
  if (role !== "authenticated" && role !== "anon") {
    throw wrongKind("Cannot accept the token as it is not the token of a user", modes);
  }
  return {
    kind: "user",
    userId: sub,
    role,
    isAnonymous: claims.is_anonymous === true,
    ...(typeof email === "string" && email !== "" ? { email } : {}),
    claims,
  };
}

function wrongKind(message: string, modes: readonly AuthMode[]): AppError<"wrong_credentials"> {
  return new AppError("wrong_credentials", message, { details: { accepted: [...modes] }, headers: challenge });
}

/** RFC 9110 wants a challenge with each 401. */
const challenge = { "www-authenticate": "Bearer" };

function toAppError(error: Failure, credentials: Credentials, { modes, env }: AuthenticateOptions): AppError {
  const accepted = [...modes];
  switch (error.code) {
    case "MISSING_CREDENTIALS":
      return new AppError("missing_credentials", "Cannot tell who asks as the request has no credentials", {
        details: { accepted },
        headers: challenge,
      });
    case "INVALID_JWT": {
      const isExpired = (error.cause as { code?: unknown } | undefined)?.code === "ERR_JWT_EXPIRED";
      return isExpired
        ? new AppError("expired_token", "Cannot accept the token as it has expired", { headers: challenge })
        : new AppError("invalid_token", "Cannot accept the token as it does not verify", {
          headers: challenge,
          cause: error,
        });
    }
    case "INVALID_API_KEY":
      return isKnownKey(credentials.apikey, env)
        ? wrongKind("Cannot accept the API key as this function takes another kind", modes)
        : new AppError("invalid_api_key", "Cannot accept the API key as this project has no such key", {
          headers: challenge,
        });
    case "UNUSABLE_CREDENTIAL":
    case "INVALID_CREDENTIALS":
      return wrongKind("Cannot accept the credentials as this function takes another kind", modes);
    case "JWKS_FETCH_FAILED":
      return new AppError("auth_unavailable", "Cannot check the token as the keys to check it with are out of reach", {
        details: { retryAfterMs: 2_000 },
        cause: error,
      });
    default:
      return new AppError("misconfigured", "Cannot check the credentials as the project's keys are not set", {
        cause: error,
      });
  }
}

function isKnownKey(apikey: string | null, env: SupabaseEnv): boolean {
  if (apikey === null) return false;
  // Tells only someone who already holds a key of this project which kind it is.
  return Object.values(env.publishableKeys).includes(apikey) || Object.values(env.secretKeys).includes(apikey);
}
