import { SnapshotCache } from "../cache/snapshotCache.ts";
import type { KnobReader } from "../optimizer/knobs/knobReader.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { FeatureFlag } from "./featureFlag.ts";
import type { FlagSource } from "./flagStore.ts";
import { flagTtlKnob } from "./flagTtlKnob.ts";

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
  /** How long a read is good for: the time within which a flag turned off is off. @default flagTtlKnob */
  readonly maxAgeMs?: number;
  /** @default defaultKnobs */
  readonly knobs?: KnobReader;
  /** How long a read may take before the last known flags are used instead. @default 500 */
  readonly readLimitMs?: number;
}

/** One isolate's view of the flags: a {@link SnapshotCache} of all of them. */
export class FlagCache {
  readonly #cache: SnapshotCache<ReadonlyMap<string, FeatureFlag>>;

  constructor(source: FlagSource, { log, ...options }: FlagCacheOptions) {
    const read = async () => new Map((await source.list()).map((flag) => [flag.name, flag]));
    this.#cache = new SnapshotCache(read, {
      ttlKnob: options.maxAgeMs === undefined ? flagTtlKnob : undefined,
      ...options,
      what: "flags",
      onFailing: (error, isKnown) =>
        log.warn("Feature flags cannot be read", { serving: isKnown ? "last known" : "off", error: String(error) }),
      onBack: () => log.info("Feature flags can be read again"),
    });
  }

  /** The flags as of at most `maxAgeMs` ago, or the last known ones where the store cannot be read. Never rejects. */
  async snapshot(): Promise<FlagSnapshot> {
    const { value, readAtMs, isStale } = await this.#cache.snapshot();
    return { flags: value ?? new Map(), readAtMs, isStale };
  }

  /** Forgets how fresh the view is, so that a change made by this isolate is seen by its next reader. */
  expire(): void {
    this.#cache.expire();
  }
}
