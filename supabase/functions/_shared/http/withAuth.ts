import { defineMiddleware } from "./middleware.ts";
import { AppError } from "../errors/appError.ts";
import type { SupabaseEnv } from "../platform/supabaseEnv.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { authenticate, type Identity } from "./authenticate.ts";
import { BoundedMap } from "../cache/boundedMap.ts";
import type { Caller } from "./caller.ts";
import type { AuthMode } from "./contract.ts";
import { clientAddress, type Credentials, readCredentials } from "./credentials.ts";

/** Options of {@link withAuth}. */
export interface WithAuthConfig {
  /** Which credentials open the way, tried in order. */
  readonly modes: readonly AuthMode[];
  /** The project's keys; read at the first request that needs them. */
  readonly env: () => SupabaseEnv;
  /** The `aud` a user's token must have. @default "authenticated" */
  readonly audience?: string;
  /** The `iss` a user's token must have. @default not checked */
  readonly issuer?: string;
  /** What was verified before. @default one of its own, for 1,000 entries */
  readonly verified?: VerifiedCredentials;
  /** @default systemClock */
  readonly clock?: Clock;
}

interface Verified {
  readonly identity: Identity;
  /** When it must be verified again, at the latest when the token expires. */
  readonly until: number;
}

/** Credentials that were verified lately, by what was shown and what was accepted. */
export type VerifiedCredentials = BoundedMap<string, Verified>;

/** How long a verified credential is taken as such: a key that is rotated out stops working within a minute. */
const maxAgeMs = 60_000;

/**
 * Proves who asks and puts it at `ctx.caller`; refuses everyone else.
 *
 * A verified credential is remembered for up to 60 s and never past the token's own end. Failures are never remembered.
 */
export const withAuth = defineMiddleware<"caller", WithAuthConfig, Record<never, never>, Caller>({
  key: "caller",
  run: (config) => {
    const { modes, clock = systemClock, verified = verifiedCredentials() } = config;
    if (modes[0] === "none") {
      return (req) => ({ caller: { kind: "none", clientAddress: clientAddress(req.headers) } });
    }
    const accepts = modes.join(" ");
    const prove = async (credentials: Credentials, shown: string, headers: Headers) => {
      const identity = await authenticate(credentials, { ...config, env: readEnv(config.env) });
      // Nothing was proven of `none`, and anybody could fill the memory with it.
      if (identity.kind !== "none") verified.set(shown, { identity, until: until(identity, clock.now()) });
      return { caller: { ...identity, clientAddress: clientAddress(headers) } };
    };
    return ({ headers }) => {
      const credentials = readCredentials(headers);
      const shown = `${accepts}\n${credentials.token ?? ""}\n${credentials.apikey ?? ""}`;
      const identity = fresh(verified, shown, clock.now());
      if (identity === undefined) return prove(credentials, shown, headers);
      return { caller: { ...identity, clientAddress: clientAddress(headers) } };
    };
  },
});

/** A memory for {@link withAuth}, which several functions of an isolate may share. */
export function verifiedCredentials(maxSize = 1_000): VerifiedCredentials {
  return new BoundedMap(maxSize);
}

function fresh(verified: VerifiedCredentials, shown: string, now: number): Identity | undefined {
  const known = verified.get(shown);
  if (known === undefined) return undefined;
  if (now < known.until) return known.identity;
  verified.delete(shown);
  return undefined;
}

function until(identity: Identity, now: number): number {
  const lasts = now + maxAgeMs;
  return identity.kind === "user" ? Math.min(lasts, (identity.claims.exp as number) * 1000) : lasts;
}

function readEnv(env: () => SupabaseEnv): SupabaseEnv {
  try {
    return env();
  } catch (cause) {
    throw new AppError("misconfigured", "Cannot check the credentials as the function's settings are incomplete", {
      cause,
    });
  }
}
