import { betaPosterior } from "../patterns/betaPosterior.ts";
import { compilePatterns } from "../patterns/compilePatterns.ts";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import type { EvidenceSource, NameOpinion, NameQuestion } from "./evidence.ts";
import type { PatternShelf } from "./patternShelf.ts";

/**
 * What outcomes have proven: active patterns of this very schema. Those on probation are named for a person's look, and
 * decide nothing. Its confidence is the lower bound that a pattern is trusted by.
 */
export function patternEvidence(shelf: PatternShelf): EvidenceSource {
  return {
    strategy: "pattern",
    isCertain: false,
    async answer(question) {
      const patterns = await shelf.patternsOf(question.table.oid);
      return patterns.length === 0 ? [] : question.names.flatMap((name) => judge(name, patterns, question));
    },
  };
}

function judge(name: string, patterns: readonly HealingPattern[], { table, schema }: NameQuestion): NameOpinion[] {
  const candidates = patterns.filter(({ key, state, schemaHash }) =>
    key === name && schemaHash === schema.hash && state.kind !== "rejected"
  );
  if (candidates.length === 0) return [];
  const alternatives = candidates.map(describe);
  const mapped = compilePatterns(candidates, { table, keyShape: [name], schemaHash: schema.hash }).get(name);
  const pattern = candidates.find(({ id }) => id === mapped?.patternId);
  const column = table.columns.find(({ attnum }) => attnum === mapped?.attnum);
  if (pattern === undefined || column === undefined) return [{ name, isUnsure: true, alternatives }];
  const { lowerBound } = betaPosterior(pattern.outcomes);
  const { successes, failures } = pattern.outcomes;
  const evidence = { successes, failures };
  return [{ name, column, evidence, confidence: lowerBound, alternatives, patternId: pattern.id }];
}

function describe({ id, targetColumn, state, outcomes, strategy }: HealingPattern) {
  return { column: targetColumn, patternId: id, state: state.kind, strategy, ...outcomes };
}
