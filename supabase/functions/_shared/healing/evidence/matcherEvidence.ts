import type { NumberKnob } from "../../optimizer/knobs/knob.ts";
import { defaultKnobs, type KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { NameHistory } from "../../schema/nameHistory.ts";
import { type ColumnMatch, matchColumns, type MatchOptions } from "../matcher/columnMatcher.ts";
import type { TargetProfiles } from "../matcher/columnProfile.ts";
import type { EvidenceSource, NameOpinion, NameQuestion } from "./evidence.ts";
import { sampleRows } from "./sampleRows.ts";
import { createTargetProfileCache, type TargetProfileOptions } from "./targetProfileCache.ts";
import { valuesFit, valuesOf } from "./valuesFit.ts";

/** How names are matched. */
export interface MatcherEvidenceOptions extends TargetProfileOptions {
  /** Names times columns above which nothing is matched: memory and time grow with them. @default 150_000 */
  mostPairs?: number;
  /** Tells the names that columns once had: a key near to one is no slip of another's. @default names of now alone */
  history?: Pick<NameHistory, "columnPast">;
  /** Hold how sure a match must be. @default each knob holds its default */
  knobs?: KnobReader;
}

const mostSamples = 50;

/** How sure a match must be. 0.95 is what the matcher was calibrated for; a wrong heal is worse than a rescue. */
export const matcherThreshold: NumberKnob = {
  kind: "number",
  name: "healing.matcher.threshold",
  summary: "The least confidence with which the column matcher decides",
  defaultValue: 0.95,
  lowest: 0.9,
  highest: 0.99,
  step: { amount: 0.01 },
};

/**
 * The column matcher: names, types and values, one to one, with a margin. It sees all columns of the table, those that are
 * taken or generated as well: a name that is nearest to one of them is not given to its next best.
 */
export function matcherEvidence(options: MatcherEvidenceOptions = {}): EvidenceSource {
  const { mostPairs = 150_000, history, knobs = defaultKnobs } = options;
  const cache = createTargetProfileCache(options);
  return {
    strategy: "matcher",
    isCertain: false,
    async answer(question) {
      const { table, schema, names, columns } = question;
      if (columns.length === 0 || names.length * table.columns.length > mostPairs) return [];
      const former = (await history?.columnPast(table.oid, schema.version))?.former ?? new Map<string, number>();
      const namesNow = new Map(table.columns.map(({ attnum, name }) => [attnum, name]));
      const formerNames = new Map([...former].map(([name, attnum]) => [name, namesNow.get(attnum)]));
      const minConfidence = knobs.read(matcherThreshold);
      return judge(question, await cache.profilesOf(table, schema), { formerNames, minConfidence });
    },
  };
}

function judge(
  question: NameQuestion,
  profiles: TargetProfiles,
  options: MatchOptions,
): NameOpinion[] {
  // Some values say what a name means; whether they may land there, all of them do.
  const rows = sampleRows(question.rows, mostSamples);
  const sources = question.names.map((name) => ({ name, values: valuesOf(rows, name) }));
  return matchColumns(sources, profiles, options).map((match) => toOpinion(match, question));
}

function toOpinion(match: ColumnMatch, { columns, rows, schema }: NameQuestion): NameOpinion {
  const { source: name, confidence, margin, decision, candidate, ranked } = match;
  const alternatives = ranked.map(({ target, score, isRuledOut }) => ({ column: target, score, isRuledOut }));
  const doubt = (reason: string): NameOpinion => ({
    name,
    isUnsure: true,
    alternatives: [{ reason }, ...alternatives],
  });
  const target = decision === "values do not fit" ? candidate : match.target; // They are made to fit here.
  if (target === undefined) return doubt(decision);
  const column = columns.find((free) => free.name === target);
  if (column === undefined) return doubt("the column is taken");
  if (!valuesFit(rows, name, column, schema.snapshot)) return doubt("a value does not fit");
  const reasons = ranked.find(({ target }) => target === candidate)?.evidence ?? [];
  return { name, column, evidence: { reasons, margin }, confidence, alternatives };
}
