import { BoundedMap } from "../cache/boundedMap.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { coarseTimer } from "../time/coarseTimer.ts";
import { CallScope } from "./callScope.ts";
import { checkNumber, checkWhole } from "./checkOption.ts";
import { coalesce } from "./coalesce.ts";
import { definePolicy, type KeyedPolicy } from "./definePolicy.ts";
import type { Work } from "./policy.ts";

/** Options of {@link cache}. */
export interface CacheOptions {
  /** How long an answer is as good as a new one. @default 1_000 */
  readonly freshMs?: number;
  /** How long after that it is still given, while a new one is fetched behind the caller's back. @default 0 */
  readonly staleMs?: number;
  /** Answers kept; the one not used for longest goes first. @default 1_000 */
  readonly maxEntries?: number;
  /** Keeps a refresh alive that nobody waits for. @default denoPlatform.waitUntil */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** An answer, and for how long. */
interface Entry {
  readonly answer: unknown;
  freshUntil: number;
  readonly staleUntil: number;
}

/** After a refresh that failed the next one waits for so long. */
const refreshPauseMs = 1_000;

/**
 * Keeps answers of calls with a key, in this isolate; calls that ask for the same at the same time are one call. Failures
 * are not kept. An answer that is given to many is one object, so nobody may change it. Calls without a key pass.
 *
 * @example
 * ```ts
 * const kept = cache({ freshMs: 5_000, staleMs: 60_000 });
 * const price = await kept.execute(() => fetch("https://example.com/7").then((r) => r.json()), { key: "price 7" });
 * ```
 */
export function cache(options: CacheOptions = {}): KeyedPolicy {
  const {
    freshMs = 1_000,
    staleMs = 0,
    maxEntries = 1_000,
    waitUntil = denoPlatform.waitUntil,
    clock = systemClock,
  } = options;
  checkNumber("make a cache", { freshMs, staleMs }, 0);
  checkWhole("make a cache", { maxEntries }, 1);
  const time = coarseTimer(clock);
  const entries = new BoundedMap<string, Entry>(maxEntries);
  const flights = coalesce({ maxKeys: maxEntries });

  function fetchAnswer<Result>(work: Work<Result>, scope: CallScope): Promise<Result> {
    return flights.execute(async (call) => {
      const answer = await work(call);
      const freshUntil = time.now() + freshMs;
      entries.set(scope.key!, { answer, freshUntil, staleUntil: freshUntil + staleMs });
      return answer;
    }, scope);
  }

  /** In a scope of its own, as the caller whose call led to it gets its answer before. */
  async function refresh(work: Work<unknown>, key: string, entry: Entry): Promise<void> {
    try {
      await fetchAnswer(work, new CallScope(undefined, { key }));
    } catch {
      entry.freshUntil = time.now() + refreshPauseMs; // Still given until it is too old.
    }
  }

  return definePolicy(<Result>(work: Work<Result>, scope: CallScope) => {
    const { key } = scope;
    if (key === undefined) return Promise.resolve(work(scope));
    const entry = entries.get(key);
    const now = time.now();
    if (entry === undefined || now >= entry.staleUntil) return fetchAnswer(work, scope);
    if (now >= entry.freshUntil) waitUntil(refresh(work, key, entry));
    return Promise.resolve(entry.answer as Result);
  });
}
