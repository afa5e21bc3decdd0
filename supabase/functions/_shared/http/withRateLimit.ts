import { AppError } from "../errors/appError.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { hubOf, type KernelHub } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { Caller } from "./caller.ts";
import { rateLimitScope } from "./callerScope.ts";
import type { RateLimit } from "./contract.ts";
import { defineMiddleware } from "./middleware.ts";
import { RateLimiter, type RateLimitVerdict } from "./rateLimiter.ts";
import type { RateLimitStore } from "./rateLimitStore.ts";
import { stampHeaders } from "./stampHeaders.ts";

/** Options of {@link withRateLimit}. */
export interface WithRateLimitConfig {
  /** @default no limit: the request passes */
  readonly policy?: RateLimit | undefined;
  /** What is limited: requests under other names are counted apart. */
  readonly name: string;
  readonly store: RateLimitStore;
  readonly log: Pick<Logger, "warn" | "info">;
  /** Is told of requests that are turned away. @default the isolate's hub */
  readonly observer?: KernelObserver;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default denoPlatform.waitUntil */
  readonly waitUntil?: (work: Promise<unknown>) => void;
}

/**
 * Lets a caller make so many requests and no more, counted over the fleet. Tells in `RateLimit-Policy` and `RateLimit`
 * (the IETF's draft) what the limit is and what is left of it, as far as this isolate knows.
 */
export const withRateLimit = defineMiddleware<
  "rateLimit",
  WithRateLimitConfig,
  { caller: Caller },
  RateLimitVerdict | undefined
>({
  key: "rateLimit",
  run: (config) => {
    const { policy, name, store, log, clock = systemClock, waitUntil = denoPlatform.waitUntil } = config;
    if (policy === undefined) return undefined;
    const limiter = new RateLimiter({ policy, store, log, clock, waitUntil });
    const hub = hubOf(config.observer);
    const policyHeader = `"default";q=${policy.limit};w=${Math.ceil(policy.windowMs / 1000)}`;
    const apply = function* (
      verdict: RateLimitVerdict,
    ): Generator<{ rateLimit: RateLimitVerdict }, Response, Response> {
      const headers = { "ratelimit-policy": policyHeader, ratelimit: leftHeader(policy, verdict) };
      if (!verdict.isAllowed) {
        tellRefusal(hub, name);
        throw new AppError("rate_limited", `Cannot answer as the limit of ${policy.limit} requests is used up`, {
          details: { retryAfterMs: Math.ceil(verdict.retryAfterMs) },
          headers,
        });
      }
      const response = yield { rateLimit: verdict };
      return stampHeaders(response, headers);
    };
    const waitAndApply = async function* (verdict: Promise<RateLimitVerdict>) {
      return yield* apply(await verdict);
    };
    return (_request, { caller }) => {
      const verdict = limiter.take(`${name} ${rateLimitScope(caller)}`);
      return verdict instanceof Promise ? waitAndApply(verdict) : apply(verdict);
    };
  },
});

function tellRefusal(hub: KernelHub, name: string): void {
  if (!hub.isWatched) return;
  hub.counted("http.rate_limited");
  hub.happened({ kind: "shed", subject: "rate-limit", detail: { name } });
}

/** What is left, and in how many seconds the bucket is full again. */
function leftHeader({ limit, windowMs }: RateLimit, { remaining }: RateLimitVerdict): string {
  return `"default";r=${remaining};t=${Math.ceil((limit - remaining) * windowMs / limit / 1000)}`;
}
