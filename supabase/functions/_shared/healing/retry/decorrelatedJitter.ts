import type { Random } from "../../random/random.ts";

/** Between which bounds waits lie. */
export interface JitterRange {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * The next wait: between the base and three times the one before, never above the cap. Unlike a doubling with jitter it
 * keeps no step in common between clients that failed together, so that they do not meet again.
 */
export function decorrelatedJitter(previousMs: number, { baseMs, capMs }: JitterRange, random: Random): number {
  const highest = Math.max(baseMs, previousMs * 3);
  return Math.min(capMs, baseMs + random.next() * (highest - baseMs));
}
