import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { timeLimit } from "../time/timeLimit.ts";
import type { FeatureFlag } from "./featureFlag.ts";
import type { FlagSource } from "./flagStore.ts";

/** All flags as they were at one moment. */
export interface FlagSnapshot {
  readonly flags: ReadonlyMap<string, FeatureFlag>;
  /** When the read that brought them was sent, by the isolate's clock; `undefined` when none ever came back. */
  readonly readAtMs: number | undefined;
  /** The store cannot be read at the moment: these are the last known flags, or none. */
  readonly isStale: boolean;
}

/** Options of a {@link FlagCache}. */
export interface FlagCacheOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** How long a read is good for: the time within which a flag turned off is off. @default 1_000 */
  readonly maxAgeMs?: number;
  /** How long a read may take before the last known flags are used instead. @default 500 */
  readonly readLimitMs?: number;
}

interface Known {
  readonly flags: ReadonlyMap<string, FeatureFlag>;
  readonly generation: number;
  readonly readAtMs: number;
}

/**
 * One isolate's view of the flags: at most one read a second, shared by all who ask meanwhile. Nobody is served a view
 * older than `maxAgeMs` while the store answers, so an expired view is waited for rather than refreshed behind the
 * caller's back; that costs one request a second one round trip. When the store is gone the last known view serves.
 */
export class FlagCache {
  readonly #source: FlagSource;
  readonly #clock: Clock;
  readonly #log: Pick<Logger, "warn" | "info">;
  readonly #maxAgeMs: number;
  readonly #readLimitMs: number;
  #known: Known | undefined;
  #reading: Promise<void> | undefined;
  #lastSentAt = -Infinity;
  #isFailing = false;
  #generation = 0;

  constructor(source: FlagSource, options: FlagCacheOptions) {
    const { clock, log, maxAgeMs = 1_000, readLimitMs = 500 } = options;
    if (!(maxAgeMs > 0)) {
      throw new RangeError(`Cannot cache flags as 'maxAgeMs' must be positive: current value is ${maxAgeMs}`);
    }
    this.#source = source;
    this.#clock = clock;
    this.#log = log;
    this.#maxAgeMs = maxAgeMs;
    this.#readLimitMs = readLimitMs;
  }

  /** The flags as of at most `maxAgeMs` ago, or the last known ones where the store cannot be read. Never rejects. */
  async snapshot(): Promise<FlagSnapshot> {
    const isDue = this.#clock.monotonic() - this.#lastSentAt >= this.#maxAgeMs;
    if (isDue) this.#reading = this.#read();
    if (this.#reading !== undefined) await this.#reading;
    return { flags: this.#known?.flags ?? new Map(), readAtMs: this.#known?.readAtMs, isStale: this.#isFailing };
  }

  /** Forgets how fresh the view is, so that a change made by this isolate is seen by its next reader. */
  expire(): void {
    this.#lastSentAt = -Infinity;
  }

  async #read(): Promise<void> {
    const generation = ++this.#generation;
    const readAtMs = this.#clock.now();
    this.#lastSentAt = this.#clock.monotonic();
    try {
      const rows = await timeLimit(this.#source.list(), this.#readLimitMs, this.#clock);
      // A slow read must not undo what a read sent after it has brought.
      if (this.#known === undefined || this.#known.generation < generation) {
        this.#known = { flags: new Map(rows.map((flag) => [flag.name, flag])), generation, readAtMs };
      }
      if (this.#isFailing) this.#log.info("Feature flags can be read again");
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) {
        const serving = this.#known === undefined ? "off" : "last known";
        this.#log.warn("Feature flags cannot be read", { serving, error: String(error) });
      }
      this.#isFailing = true;
    } finally {
      if (generation === this.#generation) this.#reading = undefined;
    }
  }
}
