import type { NumberKnob } from "../optimizer/knobs/knob.ts";
import type { KnobReader } from "../optimizer/knobs/knobReader.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Clock } from "../time/clock.ts";
import { timeLimit } from "../time/timeLimit.ts";
import { defineCache } from "./cacheDefinition.ts";
import { type Cache, Caches } from "./caches.ts";

/** What a store held at one moment. */
export interface Snapshot<Value> {
  /** `undefined` when no read ever came back. */
  readonly value: Value | undefined;
  /** When the read that brought it was sent, by the isolate's clock; `undefined` when none ever came back. */
  readonly readAtMs: number | undefined;
  /** The store cannot be read at the moment: this is the last known value, or none. */
  readonly isStale: boolean;
}

/** Options of a {@link SnapshotCache}. */
export interface SnapshotCacheOptions {
  readonly clock: Clock;
  /** What is cached, for messages, such as `flags`. */
  readonly what: string;
  /** How long a read is good for. @default 1_000 */
  readonly maxAgeMs?: number;
  /** The knob that says so instead. @default none */
  readonly ttlKnob?: NumberKnob | undefined;
  /** @default defaultKnobs */
  readonly knobs?: KnobReader;
  /** Is told how often the view was new, and of each read. @default isolateHub */
  readonly observer?: KernelObserver;
  /** How long a read may take before the last known value is used instead. @default 500 */
  readonly readLimitMs?: number;
  /** How long a read may take while no value is known that could be used instead. @default readLimitMs */
  readonly firstReadLimitMs?: number;
  /** Hears of the first read that fails, and whether a value is known. @default nobody */
  readonly onFailing?: (error: unknown, isKnown: boolean) => void;
  /** Hears of the first read that succeeds again. @default nobody */
  readonly onBack?: () => void;
}

interface Known<Value> {
  readonly value: Value;
  readonly readAtMs: number;
}

/**
 * One isolate's view of a store, in a cache of one entry: at most one read per `maxAgeMs`, shared by all who ask meanwhile.
 * Nobody is served a view older than that while the store answers, so an expired view is waited for rather than refreshed
 * behind the caller's back; that costs one request a second one round trip. When the store is gone the last known view serves.
 */
export class SnapshotCache<Value> {
  readonly #read: () => Promise<Value>;
  readonly #options: SnapshotCacheOptions;
  readonly #maxAgeMs: number;
  readonly #cache: Cache<Known<Value>>;
  #isKnown = false;
  #isFailing = false;
  #retryAtMs = -Infinity;

  constructor(read: () => Promise<Value>, options: SnapshotCacheOptions) {
    const { what, maxAgeMs = 1_000, ttlKnob, clock, observer, knobs } = options;
    if (!(maxAgeMs > 0)) {
      throw new RangeError(`Cannot cache ${what} as 'maxAgeMs' must be positive: current value is ${maxAgeMs}`);
    }
    this.#read = read;
    this.#options = options;
    this.#maxAgeMs = maxAgeMs;
    const definition = defineCache<Known<Value>>({
      name: what.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
      sharedBecause: "it is the isolate's own view",
      ttl: ttlKnob ?? maxAgeMs,
      staleIfErrorMs: Infinity,
      retryAfterMs: maxAgeMs,
      maxEntries: 1,
      bytesOf: () => 0, // It is in use, however large it is.
    });
    this.#cache = new Caches({ clock, ...(observer && { observer }), ...(knobs && { knobs }) }).open(definition);
  }

  /** The store as of at most `maxAgeMs` ago, or as last known where it cannot be read. Never rejects. */
  async snapshot(): Promise<Snapshot<Value>> {
    const now = this.#options.clock.monotonic();
    if (this.#isKnown || now >= this.#retryAtMs) {
      try {
        const { value: known, isStale } = await this.#cache.find("all", () => this.#readNow());
        return { ...known, isStale };
      } catch {
        this.#retryAtMs = now + this.#maxAgeMs;
      }
    }
    return { value: undefined, readAtMs: undefined, isStale: true };
  }

  /** Forgets how fresh the view is, so that a change made by this isolate is seen by its next reader. */
  expire(): void {
    this.#cache.expire("all");
    this.#retryAtMs = -Infinity;
  }

  async #readNow(): Promise<Known<Value>> {
    const { clock, readLimitMs = 500, firstReadLimitMs = readLimitMs, onFailing, onBack } = this.#options;
    const readAtMs = clock.now();
    try {
      const value = await timeLimit(this.#read(), this.#isKnown ? readLimitMs : firstReadLimitMs, clock);
      this.#isKnown = true;
      if (this.#isFailing) onBack?.();
      this.#isFailing = false;
      return { value, readAtMs };
    } catch (error) {
      if (!this.#isFailing) onFailing?.(error, this.#isKnown);
      this.#isFailing = true;
      throw error;
    }
  }
}
