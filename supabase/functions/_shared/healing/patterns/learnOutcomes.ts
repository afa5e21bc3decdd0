import { changePattern } from "./changePattern.ts";
import type { HealingPattern } from "./healingPattern.ts";
import { type PatternPolicy, patternPolicy } from "./patternPolicy.ts";
import type { PatternStore, ToldOutcomes } from "./patternStore.ts";
import { judgeOutcomes } from "./patternTransitions.ts";

/**
 * Tells what came of patterns, in one statement, and moves those whose outcomes call for it. Gives the patterns that this call moved.
 * An isolate that dies in between leaves the counts: the next one that tells an outcome makes the move.
 */
export async function learnOutcomes(
  store: PatternStore,
  told: readonly ToldOutcomes[],
  policy: PatternPolicy = patternPolicy(),
): Promise<HealingPattern[]> {
  const moved: HealingPattern[] = [];
  for (const pattern of await store.addOutcomes(told)) {
    const next = judgeOutcomes(pattern, policy);
    if (next === pattern) continue;
    // Not read again where the first try succeeds: moves are rare, but each of them may be raced for.
    let isOurMove = true;
    const saved = await store.save(next) ?? await changePattern(store, pattern.id, (current) => {
      const judged = judgeOutcomes(current, policy);
      isOurMove = judged !== current;
      return judged;
    });
    if (saved !== undefined && isOurMove) moved.push(saved);
  }
  return moved;
}
