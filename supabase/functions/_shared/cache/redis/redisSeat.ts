import type { Random } from "../../random/random.ts";
import type { Clock } from "../../time/clock.ts";
import { sleep } from "../../time/sleep.ts";
import type { CacheCodec } from "../cacheCodec.ts";
import type { CacheEntry } from "../cacheEntry.ts";
import { TagSnapshot } from "../tags/tagSnapshot.ts";
import type { KeptValue, RedisLevel } from "./redisLevel.ts";

/** What a cache's seat in Redis is made of. */
export interface RedisSeatParts<Value> {
  readonly level: RedisLevel;
  readonly cacheName: string;
  readonly codec: CacheCodec<Value>;
  readonly clock: Clock;
  readonly random: Random;
  /** Is it new, by age and tags? */
  readonly isNew: (entry: CacheEntry<Value>) => boolean;
  /** Another isolate loads the same: its answer is waited for so long. */
  readonly leaseWaitMs: number;
}

/** What looking in Redis came to: a value; or the caller is to load it, under a lease where there is a token. */
export type Sought<Value> =
  | { readonly kind: "found"; readonly entry: CacheEntry<Value> }
  | { readonly kind: "load"; readonly token: string | undefined; readonly stale: CacheEntry<Value> | undefined };

/** Whoever waits for another isolate's load asks again after so long, and a little more or less by chance. */
const askAgainMs = 25;

/** One cache's part of Redis: the fleet loads a value about once, as whoever loads it holds a lease. */
export class RedisSeat<Value> {
  readonly #parts: RedisSeatParts<Value>;

  constructor(parts: RedisSeatParts<Value>) {
    this.#parts = parts;
  }

  /** The value, if it is there and new; or the right to load it. Waits while another isolate loads it, but not for long. */
  async seek(key: string, signal: AbortSignal): Promise<Sought<Value>> {
    const { level, clock, random, isNew, leaseWaitMs } = this.#parts;
    const token = level.newToken();
    const endsAtMs = clock.monotonic() + leaseWaitMs;
    let refused = "";
    let stale: CacheEntry<Value> | undefined;
    for (;;) {
      const answer = await level.read(this.#place(key), token, refused);
      if (answer === undefined) return { kind: "load", token: undefined, stale };
      if (answer.isLeased) return { kind: "load", token, stale };
      if (answer.kept !== undefined) {
        const entry = this.#entryOf(answer.kept);
        if (entry !== undefined && isNew(entry)) return { kind: "found", entry };
        stale = entry ?? stale;
        if (answer.kept.id === refused) return { kind: "load", token: undefined, stale };
        refused = answer.kept.id;
        continue;
      }
      if (clock.monotonic() >= endsAtMs) return { kind: "load", token: undefined, stale };
      await sleep(askAgainMs * (0.5 + random.next()), { signal, clock });
    }
  }

  /** Keeps what was loaded under a lease. */
  async keep(key: string, token: string, { value, loadedAtMs, tags, stamp }: CacheEntry<Value>, lifeMs: number) {
    const { level, codec, clock } = this.#parts;
    const ageMs = clock.monotonic() - loadedAtMs;
    const kept = { ageMs, tags, stamp: stamp?.text, text: codec.encode(value) };
    await level.write(this.#place(key), token, kept, lifeMs - ageMs);
  }

  /** Lets others load it. */
  async release(key: string, token: string): Promise<void> {
    await this.#parts.level.release(this.#place(key), token);
  }

  async drop(key: string): Promise<void> {
    await this.#parts.level.drop(this.#place(key));
  }

  #place(key: string): string {
    return `${this.#parts.cacheName}\n${key}`;
  }

  /** Undefined where it cannot be read. */
  #entryOf({ ageMs, tags, stamp, text }: KeptValue): CacheEntry<Value> | undefined {
    if (ageMs === Infinity) return undefined;
    try {
      return {
        value: this.#parts.codec.decode(text),
        loadedAtMs: this.#parts.clock.monotonic() - ageMs,
        tags,
        stamp: stamp === undefined ? undefined : new TagSnapshot(stamp),
        retryAtMs: -Infinity,
        isExpired: false,
      };
    } catch {
      return undefined; // Another version of the code has written it, or nobody of ours.
    }
  }
}
