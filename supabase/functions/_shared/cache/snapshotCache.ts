import type { Clock } from "../time/clock.ts";
import { timeLimit } from "../time/timeLimit.ts";

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
  readonly generation: number;
  readonly readAtMs: number;
}

/**
 * One isolate's view of a store: at most one read per `maxAgeMs`, shared by all who ask meanwhile. Nobody is served a view older
 * than that while the store answers, so an expired view is waited for rather than refreshed behind the caller's back; that
 * costs one request a second one round trip. When the store is gone the last known view serves.
 */
export class SnapshotCache<Value> {
  readonly #read: () => Promise<Value>;
  readonly #options: SnapshotCacheOptions;
  readonly #maxAgeMs: number;
  readonly #readLimitMs: number;
  readonly #firstReadLimitMs: number;
  #known: Known<Value> | undefined;
  #reading: Promise<void> | undefined;
  #lastSentAt = -Infinity;
  #isFailing = false;
  #generation = 0;

  constructor(read: () => Promise<Value>, options: SnapshotCacheOptions) {
    const { what, maxAgeMs = 1_000, readLimitMs = 500, firstReadLimitMs = readLimitMs } = options;
    if (!(maxAgeMs > 0)) {
      throw new RangeError(`Cannot cache ${what} as 'maxAgeMs' must be positive: current value is ${maxAgeMs}`);
    }
    this.#read = read;
    this.#options = options;
    this.#maxAgeMs = maxAgeMs;
    this.#readLimitMs = readLimitMs;
    this.#firstReadLimitMs = firstReadLimitMs;
  }

  /** The store as of at most `maxAgeMs` ago, or as last known where it cannot be read. Never rejects. */
  async snapshot(): Promise<Snapshot<Value>> {
    const isDue = this.#options.clock.monotonic() - this.#lastSentAt >= this.#maxAgeMs;
    if (isDue) this.#reading = this.#refresh();
    if (this.#reading !== undefined) await this.#reading;
    return { value: this.#known?.value, readAtMs: this.#known?.readAtMs, isStale: this.#isFailing };
  }

  /** Forgets how fresh the view is, so that a change made by this isolate is seen by its next reader. */
  expire(): void {
    this.#lastSentAt = -Infinity;
  }

  async #refresh(): Promise<void> {
    const { clock, onFailing, onBack } = this.#options;
    const generation = ++this.#generation;
    const readAtMs = clock.now();
    this.#lastSentAt = clock.monotonic();
    try {
      const limitMs = this.#known === undefined ? this.#firstReadLimitMs : this.#readLimitMs;
      const value = await timeLimit(this.#read(), limitMs, clock);
      // A slow read must not undo what a read sent after it has brought.
      if (this.#known === undefined || this.#known.generation < generation) {
        this.#known = { value, generation, readAtMs };
      }
      if (this.#isFailing) onBack?.();
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) onFailing?.(error, this.#known !== undefined);
      this.#isFailing = true;
    } finally {
      if (generation === this.#generation) this.#reading = undefined;
    }
  }
}
