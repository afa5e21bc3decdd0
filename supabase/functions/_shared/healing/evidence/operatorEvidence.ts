import type { NameHistory } from "../../schema/nameHistory.ts";
import { compilePatterns } from "../patterns/compilePatterns.ts";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import { type DeveloperMappings, developerMappingsOf } from "./developerMappings.ts";
import type { EvidenceSource, NameAnswer, NameQuestion } from "./evidence.ts";
import type { PatternShelf } from "./patternShelf.ts";

/** Where people have said what names mean. */
export interface OperatorEvidenceOptions {
  /** @default none */
  mappings?: DeveloperMappings;
  /** Holds the patterns that were approved. @default none */
  shelf?: PatternShelf;
  /** Lets mappings call tables and columns by former names. @default names as they are now */
  history?: NameHistory;
}

/**
 * What people have said: the developer's mappings and the patterns that an operator has approved. Neither outranks the
 * other: where they differ the answers collide, and nobody guesses on.
 */
export function operatorEvidence({ mappings = {}, shelf, history }: OperatorEvidenceOptions): EvidenceSource {
  return {
    strategy: "operator",
    isCertain: true,
    async answer(question) {
      const answers = approvedAnswers(await shelf?.patternsOf(question.table.oid) ?? [], question);
      for (const { name, target, column } of await developerMappingsOf(mappings, question, history)) {
        const isSaid = answers.some((answer) => answer.name === name && answer.column?.attnum === column?.attnum);
        if (!isSaid) answers.push({ name, column, evidence: { mappedTo: target }, confidence: 1 });
      }
      return answers;
    },
  };
}

/** Each pattern is compiled by itself: those that disagree must all be heard. */
function approvedAnswers(patterns: readonly HealingPattern[], { table, schema, names }: NameQuestion): NameAnswer[] {
  const answers: NameAnswer[] = [];
  for (const pattern of patterns) {
    if (pattern.state.kind !== "approved" || !names.includes(pattern.key)) continue;
    const scope = { table, keyShape: [pattern.key], schemaHash: schema.hash };
    const attnum = compilePatterns([pattern], scope).get(pattern.key)?.attnum;
    const column = table.columns.find((candidate) => candidate.attnum === attnum);
    // Equal patterns may differ in their coercion: they say the same of the name.
    if (column === undefined || answers.some((answer) => answer.name === pattern.key && answer.column === column)) {
      continue;
    }
    const { decidedBy } = pattern.state;
    answers.push({ name: pattern.key, column, evidence: { decidedBy }, confidence: 1, patternId: pattern.id });
  }
  return answers;
}
