import { RateLimiter, type RateLimitVerdict } from "../http/rateLimiter.ts";
import type { RateLimitStore } from "../http/rateLimitStore.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { coarseTimer } from "../time/coarseTimer.ts";
import type { CallScope } from "./callScope.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Policy, Work } from "./policy.ts";
import { PolicyRefusal } from "./policyRefusal.ts";
import { PolicyTeller, type ToldOptions } from "./policyTeller.ts";
import { TokenBucket } from "./tokenBucket.ts";

/** Options of {@link rateLimit}. */
export interface RateLimitOptions extends ToldOptions {
  /** Calls in a window, all at once if need be. @default 100 */
  readonly limit?: number;
  /** In what time so many may be made again. @default 1_000 */
  readonly windowMs?: number;
  /** Counts the calls of the whole fleet: `databaseRateLimitStore`. @default none: this isolate's own calls */
  readonly store?: RateLimitStore;
  /** Names the limit over the fleet: one for each dependency. @default "default" */
  readonly name?: string;
  /** Hears when the store is lost, and when it is back. @default nobody */
  readonly log?: Pick<Logger, "warn" | "info">;
  /** Keeps a lease alive that nobody waits for. @default denoPlatform.waitUntil */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

const nobody = { warn: () => {}, info: () => {} };

/**
 * Keeps calls within what a dependency allows, and refuses the others with the time after which to come again. With a store
 * the limit holds over the fleet, without a write for each call.
 *
 * @example
 * ```ts
 * const polite = rateLimit({ limit: 50, windowMs: 1_000 });
 * const response = await polite.execute(({ signal }) => fetch("https://example.com", { signal }));
 * ```
 */
export function rateLimit(options: RateLimitOptions = {}): Policy {
  const {
    limit = 100,
    windowMs = 1_000,
    store,
    name = "default",
    log = nobody,
    waitUntil = denoPlatform.waitUntil,
    clock = systemClock,
  } = options;
  checkWhole("make a rate limit", { limit }, 1);
  checkNumber("make a rate limit", { windowMs }, 1);
  const limiter = store === undefined
    ? new TokenBucket(limit, windowMs, coarseTimer(clock))
    : new RateLimiter({ policy: { limit, windowMs }, store, clock, log, waitUntil });
  const teller = new PolicyTeller("rate-limit", options);
  const bucket = `policy ${name}`;

  function apply<Result>(
    verdict: RateLimitVerdict,
    work: Work<Result>,
    scope: CallScope,
  ): Result | PromiseLike<Result> {
    if (scope.isAborted) throw scope.reason;
    if (verdict.isAllowed) return work(scope);
    if (teller.isWatched) teller.shed({ limit, retryAfterMs: Math.ceil(verdict.retryAfterMs) });
    throw new PolicyRefusal("rate_limit", `Cannot make the call as the limit of ${limit} calls is used up`, {
      retryAfterMs: Math.ceil(verdict.retryAfterMs),
    });
  }

  return definePolicy((work, scope) => {
    const verdict = limiter.take(bucket);
    if (verdict instanceof Promise) return verdict.then((later) => apply(later, work, scope));
    return Promise.resolve(apply(verdict, work, scope));
  });
}
