import type { HealingPattern } from "./healingPattern.ts";
import type { PatternStore } from "./patternStore.ts";

const mostTries = 20;

/**
 * Changes a pattern by compare-and-set: `decide` is asked again, with the newer pattern, each time somebody else was faster.
 * Undefined where there is no such pattern; the pattern itself where `decide` leaves it as it is.
 */
export async function changePattern(
  store: PatternStore,
  id: string,
  decide: (pattern: HealingPattern) => HealingPattern,
): Promise<HealingPattern | undefined> {
  for (let tries = 0; tries < mostTries; tries++) {
    const current = await store.find(id);
    if (current === undefined) return undefined;
    const next = decide(current);
    if (next === current) return current;
    const saved = await store.save(next);
    if (saved !== undefined) return saved;
  }
  throw new Error(`Cannot change pattern ${id} as others were faster ${mostTries} times`);
}
