import { SnapshotCache } from "../../cache/snapshotCache.ts";
import { AppError } from "../../errors/appError.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import type { Prompt, PromptReader } from "./prompt.ts";
import { promptTtlKnob } from "./promptTtlKnob.ts";

/** What the cache is made of. */
export interface CachedPromptsOptions {
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** How long a read is good for: the time within which another version is used. @default promptTtlKnob */
  readonly maxAgeMs?: number;
  /** @default defaultKnobs */
  readonly knobs?: KnobReader;
}

/** An isolate that a burst of requests has just begun takes a while to read: without any prompt all of them would fail. */
const firstReadLimitMs = 10_000;

/** This isolate's view of the active prompts: read at most once a second, and the last known ones serve where it cannot be. */
export function cachedPrompts(
  read: () => Promise<ReadonlyMap<string, Prompt>>,
  { log, ...options }: CachedPromptsOptions,
): PromptReader {
  const cache = new SnapshotCache(read, {
    ttlKnob: options.maxAgeMs === undefined ? promptTtlKnob : undefined,
    ...options,
    what: "prompts",
    firstReadLimitMs,
    onFailing: (error) => log.warn("Prompts cannot be read", { error: String(error) }),
    onBack: () => log.info("Prompts can be read again"),
  });
  return {
    async find(name) {
      const { value } = await cache.snapshot();
      if (value !== undefined) return value.get(name);
      throw new AppError("database_unavailable", "Cannot read the prompts as the database cannot be reached", {
        details: { retryAfterMs: 2_000 },
      });
    },
  };
}
