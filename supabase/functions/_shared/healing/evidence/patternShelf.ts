import { type Clock, systemClock } from "../../time/clock.ts";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import type { PatternStore } from "../patterns/patternStore.ts";

/** The patterns of tables, at hand. */
export interface PatternShelf {
  /** All of a table's that have not expired, rejected ones as well. Many callers at once share one read. */
  patternsOf(tableOid: number): Promise<readonly HealingPattern[]>;
  /** Reads anew from now on, of one table or all; to be called when the schema changes and when somebody decides. */
  forget(tableOid?: number): void;
}

/** How long patterns stay on the shelf. */
export interface PatternShelfOptions {
  /** What other isolates learn or decide is seen after this. @default 30_000 */
  maxAgeMs?: number;
  /** @default systemClock */
  clock?: Clock;
}

interface ShelvedPatterns {
  readonly readAt: number;
  readonly patterns: Promise<readonly HealingPattern[]>;
}

/** An empty shelf in front of a store. */
export function createPatternShelf(
  store: Pick<PatternStore, "list">,
  { maxAgeMs = 30_000, clock = systemClock }: PatternShelfOptions = {},
): PatternShelf {
  const shelved = new Map<number, ShelvedPatterns>();
  return {
    async patternsOf(tableOid) {
      const now = clock.monotonic();
      let found = shelved.get(tableOid);
      if (found === undefined || now - found.readAt >= maxAgeMs) {
        shelved.set(tableOid, found = { readAt: now, patterns: store.list({ tableOids: [tableOid] }) });
      }
      try {
        return await found.patterns;
      } catch (error) {
        if (shelved.get(tableOid) === found) shelved.delete(tableOid);
        throw error;
      }
    },
    forget(tableOid) {
      if (tableOid === undefined) shelved.clear();
      else shelved.delete(tableOid);
    },
  };
}
