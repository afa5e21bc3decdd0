import type { NumberKnob } from "../optimizer/knobs/knob.ts";
import { checkNumber, checkWhole } from "../policies/checkOption.ts";
import type { CacheCodec } from "./cacheCodec.ts";

/** Nothing is cached for longer, whatever is asked for: purged tags rely on it. */
export const longestCachedMs = 86_400_000;

/** Options of {@link defineCache}. */
export interface CacheOptions<Value> {
  /** Short and kebab-case: it names keys, counters and the knob. */
  readonly name: string;
  /**
   * Why the same answer may be given to everybody, in a few words. Without it what is cached for one caller is never given
   * to another.
   */
  readonly sharedBecause?: string;
  /** For how long what is cached counts as new, in milliseconds, from when its load began; or the knob that says so. */
  readonly ttl: number | NumberKnob;
  /** For how long `undefined` and `null` do: that there is nothing. @default as `ttl` */
  readonly absentTtlMs?: number;
  /** How long after that it is still given at once, while a new one is loaded behind the caller's back. @default 0 */
  readonly staleWhileRevalidateMs?: number;
  /** How long after that it is given where the source fails. @default 0 */
  readonly staleIfErrorMs?: number;
  /** Whoever could have something stale waits for the source no longer than this. @default Infinity */
  readonly patienceMs?: number;
  /** Since a load that failed has begun, what is stale serves for so long before the source is asked again. @default 1_000 */
  readonly retryAfterMs?: number;
  /** @default 1_000 */
  readonly maxEntries?: number;
  /** What all entries together may take of memory, roughly. @default 4_194_304 */
  readonly maxBytes?: number;
  /** What one value takes, roughly. @default roughBytes */
  readonly bytesOf?: (value: Value) => number;
  /** Tags that a value itself tells, besides those given with its load. */
  readonly tagsOf?: (value: Value) => readonly string[];
  /** With it values are kept in Redis, too, where there is one. @default in memory alone */
  readonly codec?: CacheCodec<Value>;
  /** Where another isolate is loading the same, its answer is waited for so long before it is loaded here as well. @default 2_000 */
  readonly leaseWaitMs?: number;
}

/** A cache as it is declared. It holds nothing: what is cached belongs to the isolate. */
export interface CacheDefinition<Value> extends Required<Omit<CacheOptions<Value>, Optional>> {
  readonly sharedBecause: string | undefined;
  readonly absentTtlMs: number | undefined;
  readonly bytesOf: ((value: Value) => number) | undefined;
  readonly tagsOf: ((value: Value) => readonly string[]) | undefined;
  readonly codec: CacheCodec<Value> | undefined;
}

type Optional = "sharedBecause" | "absentTtlMs" | "bytesOf" | "tagsOf" | "codec";

/**
 * Declares a cache. What is cached for one caller stays that caller's, unless `sharedBecause` says why not.
 *
 * @example
 * ```ts
 * const prices = defineCache<Price>({
 *   name: "prices",
 *   sharedBecause: "the price list is public",
 *   ttl: ttlKnob("prices", { default: 60_000, lowest: 5_000, highest: 600_000 }),
 *   staleIfErrorMs: 3_600_000,
 * });
 * const price = await ctx.cache.of(prices).get(sku, () => readPrice(ctx.db, sku), { tags: [`sku:${sku}`] });
 * ```
 */
export function defineCache<Value>(options: CacheOptions<Value>): CacheDefinition<Value> {
  const {
    name,
    sharedBecause,
    ttl,
    absentTtlMs,
    staleWhileRevalidateMs = 0,
    staleIfErrorMs = 0,
    patienceMs = Infinity,
    retryAfterMs = 1_000,
    maxEntries = 1_000,
    maxBytes = 4_194_304,
    bytesOf,
    tagsOf,
    codec,
    leaseWaitMs = 2_000,
  } = options;
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(name)) {
    throw new RangeError(`Cannot define a cache as its name must be short and kebab-case: current value is "${name}"`);
  }
  const action = `define the cache "${name}"`;
  if (sharedBecause?.trim() === "") throw new RangeError(`Cannot ${action} as 'sharedBecause' gives no reason`);
  if (typeof ttl === "number") checkNumber(action, { ttl }, 1);
  if (absentTtlMs !== undefined) checkNumber(action, { absentTtlMs }, 0);
  checkNumber(action, { staleWhileRevalidateMs, retryAfterMs, leaseWaitMs }, 0);
  if (staleIfErrorMs !== Infinity) checkNumber(action, { staleIfErrorMs }, 0);
  if (patienceMs !== Infinity) checkNumber(action, { patienceMs }, 1);
  checkWhole(action, { maxEntries, maxBytes }, 1);
  const longestMs = (typeof ttl === "number" ? ttl : ttl.highest) + staleWhileRevalidateMs;
  if (longestMs > longestCachedMs) {
    throw new RangeError(`Cannot ${action} as nothing is cached for more than a day: current value is ${longestMs} ms`);
  }
  return {
    name,
    sharedBecause,
    ttl,
    absentTtlMs,
    staleWhileRevalidateMs,
    staleIfErrorMs,
    patienceMs,
    retryAfterMs,
    maxEntries,
    maxBytes,
    bytesOf,
    tagsOf,
    codec,
    leaseWaitMs,
  };
}
