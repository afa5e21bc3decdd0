import type { Deadline } from "../http/deadline.ts";
import { type Entry, extendContext, isContext, seedContext } from "../http/middleware.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import type { Platform } from "../platform/platform.ts";
import { hubOf } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import type { CallOptions } from "./callScope.ts";
import type { KeyedPolicy } from "./definePolicy.ts";
import { type DependencyOptions, dependencyPipeline } from "./dependencyPipeline.ts";
import type { Work } from "./policy.ts";
import type { RetryBudgetStore } from "./retryBudget.ts";

/** Options of {@link withResilience}. */
export interface WithResilienceConfig<Name extends string> {
  /** What the function depends on, by name, and how it is called; `{}` is a good beginning. */
  readonly dependencies: Readonly<Record<Name, DependencyOptions>>;
  /** The fleet's reserves of retries: `postgresRetryBudgetStore`. @default none: a tenth of the isolate's own calls */
  readonly retryBudgets?: RetryBudgetStore;
  /** How long the request may take, where no `withDeadline` stands further out. @default 25_000 */
  readonly deadlineMs?: number;
  /** Hears when the fleet's reserve is lost, and when it is back. @default nobody */
  readonly log?: Pick<Logger, "warn" | "info">;
  /** Is told what the policies of all dependencies do. @default the isolate's hub */
  readonly observer?: KernelObserver;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default denoPlatform */
  readonly platform?: Pick<Platform, "waitUntil">;
}

/** Calls of dependencies within the time of one request. */
export interface Resilience<Name extends string = string> {
  /** Calls a dependency under its policies. Nothing outlives the request or its client. */
  call<Result>(name: Name, work: Work<Result>, options?: CallOptions): Promise<Result>;
  /** The policies of a dependency, for calls within the time of this request. */
  pipeline(name: Name): KeyedPolicy;
  /** What is left of the request's time. */
  remainingMs(): number;
}

/**
 * Gives the handler `ctx.resilience`: calls of dependencies under timeout, bulkhead, circuit and retries that the whole
 * fleet can afford, within the time that the request has left. Stands in any pipeline of `@supabase/middleware`.
 *
 * @example
 * ```ts
 * const withCatalog = withResilience({ dependencies: { catalog: { maxAttempts: 3, timeoutMs: 800 } } });
 * const fetch = pipeline([withCatalog], async (_request, { resilience }) =>
 *   await resilience.call("catalog", ({ signal }) => answerOf(globalThis.fetch("https://example.com", { signal }))));
 * ```
 */
export function withResilience<const Name extends string>(
  config: WithResilienceConfig<Name>,
): Entry<{ resilience: Resilience<Name> }> {
  const { dependencies, deadlineMs = 25_000, clock = systemClock, platform = denoPlatform } = config;
  const { retryBudgets, log } = config;
  const observer = hubOf(config.observer);
  const parts = { retryBudgets, observer, log, clock, waitUntil: platform.waitUntil };
  const pipelines = new Map<string, KeyedPolicy>();
  for (const [name, options] of Object.entries<DependencyOptions>(dependencies)) {
    pipelines.set(name, dependencyPipeline(name, options, parts));
  }

  function find(name: string): KeyedPolicy {
    const found = pipelines.get(name);
    if (found !== undefined) return found;
    const known = [...pipelines.keys()].map((one) => `'${one}'`).join(", ");
    throw new TypeError(`Cannot call '${name}' as there is no such dependency: there are ${known || "none"}`);
  }

  return (handler) => (request, argument) => {
    const upstream = isContext(argument) ? argument : seedContext();
    const { deadline } = upstream as { deadline?: Deadline };
    const startedAt = clock.monotonic();
    const remainingMs = () => deadline?.remainingMs() ?? Math.max(0, startedAt + deadlineMs - clock.monotonic());

    /** The request's own time and signal; a caller's signal besides ends the call, too. */
    function within(options: CallOptions | undefined): CallOptions {
      const ofRequest = deadline?.signal ?? request.signal;
      const signal = options?.signal === undefined ? ofRequest : AbortSignal.any([ofRequest, options.signal]);
      const endsAt = clock.monotonic() + remainingMs();
      return { key: options?.key, signal, endsAt: Math.min(endsAt, options?.endsAt ?? Infinity) };
    }

    const resilience: Resilience<Name> = {
      call: async (name, work, options) => await find(name).execute(work, within(options)),
      pipeline(name) {
        const policy = find(name);
        return { execute: (work, options) => policy.execute(work, within(options)) };
      },
      remainingMs,
    };
    return handler(request, extendContext(upstream, "resilience", resilience));
  };
}
