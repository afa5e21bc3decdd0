import { assignColumns } from "./assignColumns.ts";
import type { SourceColumn, TargetColumn } from "./column.ts";
import {
  profileSources,
  profileTargets,
  type SourceProfile,
  type TargetProfile,
  type TargetProfiles,
} from "./columnProfile.ts";
import { confidenceInputs, confidenceOf, marginOf, sigmoid } from "./confidence.ts";
import { type ComparedNames, decideMatch, type MatchDecision, validateThresholds } from "./decideMatch.ts";
import { describeEvidence } from "./describeEvidence.ts";
import { findSlips, isNearRival } from "./findSlips.ts";
import { greatestOf } from "./greatestOf.ts";
import { type NameProfile, profileNames } from "./nameProfile.ts";
import { scoreColumns, type ScoredColumns } from "./scoreColumns.ts";

/** Options of {@link matchColumns}. */
export interface MatchOptions {
  /** The least confidence a match may have. @default 0.95 */
  minConfidence?: number;
  /** The least lead over the runner-up, 0..1. @default 0.5 */
  minMargin?: number;
  /** Targets listed for each source. @default 5 */
  rankedTargets?: number;
  /** Whether the evidence of the listed targets is put into words. @default true */
  withEvidence?: boolean;
  /** Names that are no targets' by now, and the target that had each: a key near to one is no slip of another. @default none */
  formerNames?: ReadonlyMap<string, string | undefined>;
}

/** One target in the ranking of a source. */
export interface RankedTarget {
  readonly target: string;
  /** 0..1, comparable over all pairs of one run; for ordering, not a probability. */
  readonly score: number;
  /** Whether a value cannot be cast to the column, or the column cannot be written. */
  readonly isRuledOut: boolean;
  readonly evidence: readonly string[];
}

/** What is proposed for one key of the payload. */
export interface ColumnMatch {
  readonly source: string;
  /** The column it means; undefined where the matcher abstains. */
  readonly target: string | undefined;
  readonly decision: MatchDecision;
  /** The column the assignment gives it, abstained from or not. */
  readonly candidate: string | undefined;
  /** The chance that `candidate` is right, 0..1. */
  readonly confidence: number;
  /** The lead over the nearest rival, 0..1. */
  readonly margin: number;
  readonly ranked: readonly RankedTarget[];
}

/** Added to the log odds so that the assignment prefers many fair matches to few good ones; doubt is settled after it. */
const willingness = 12;
/** More than all others together, so that a slip keeps its column. */
const gainOfSlip = 1e6;
const confidenceOfSlip = 0.98;

/**
 * Proposes which column each key of a payload means, one to one, and abstains where it is not sure. Pure: the same
 * input gives the same output, whatever the order of keys and columns.
 */
export function matchColumns(
  sources: readonly SourceColumn[],
  targets: readonly TargetColumn[] | TargetProfiles,
  options: MatchOptions = {},
): ColumnMatch[] {
  const { minConfidence = 0.95, minMargin = 0.5, rankedTargets = 5, withEvidence = true } = options;
  const { formerNames = new Map() } = options;
  validateThresholds(minConfidence, minMargin);
  const { profiles } = "profiles" in targets ? targets : profileTargets(targets);
  const targetNames = new Set(profiles.map((profile) => profile.column.name));
  const ordered = [...sources].sort((a, b) => a.name < b.name ? -1 : 1);
  const freeSources = profileSources(ordered).filter((source) => !targetNames.has(source.column.name));
  const sourceNames = new Set(sources.map((source) => source.name));
  const freeTargets = profiles.filter((profile) => !sourceNames.has(profile.column.name));

  const slips = gatherSlips(freeSources, freeTargets, profiles, formerNames);
  const columnWords = new Set(profiles.flatMap(({ name: { tokens } }) => tokens.length === 1 ? [tokens[0]!.stem] : []));
  const judging = { minConfidence, minMargin, rankedTargets, withEvidence, columnWords };
  const found = matchFree(freeSources, freeTargets, slips, judging);
  const bySource = new Map(freeSources.map((source, at) => [source.column, found[at] as ColumnMatch]));
  return sources.map((source) => bySource.get(source) ?? matchExactly(source.name));
}

function matchExactly(name: string): ColumnMatch {
  const ranked = [{ target: name, score: 1, isRuledOut: false, evidence: ["names are identical"] }];
  return { source: name, target: name, decision: "identical", candidate: name, confidence: 1, margin: 1, ranked };
}

/** What the slips of a run are told by: places are those of free sources and targets. */
interface SlipEvidence {
  readonly slips: ReadonlyMap<number, number>;
  /** Is the key near to a name that another column had? */
  isDoubtful(source: number, target: number): boolean;
}

/** Taken targets are looked at, too: a key near to one is no slip of another. */
function gatherSlips(
  sources: readonly SourceProfile[],
  free: readonly TargetProfile[],
  all: readonly TargetProfile[],
  formerNames: ReadonlyMap<string, string | undefined>,
): SlipEvidence {
  const places = new Map(all.map(({ column }, place) => [column.name, place]));
  const former = [...formerNames];
  const rivals = profileNames(former.map(([name]) => name)).map((name, at) => {
    const target = former[at]![1];
    return { name, target: target === undefined ? undefined : places.get(target) };
  });
  const placeOf = (at: number) => places.get(free[at]!.column.name)!;
  const slips = findSlips(sources.map(({ name }) => name), all.map(({ name }) => name), rivals);
  const found = [...slips].map(([source, place]) => [source, free.indexOf(all[place]!)] as const);
  return {
    slips: new Map(found.filter(([, at]) => at >= 0 && !free[at]!.column.isGenerated)),
    isDoubtful: (source, at) => isNearRival(sources[source]!.name, placeOf(at), rivals),
  };
}

type Judging = Required<Omit<MatchOptions, "formerNames">> & Pick<ComparedNames, "columnWords">;

function matchFree(
  sources: readonly SourceProfile[],
  targets: readonly TargetProfile[],
  { slips, isDoubtful }: SlipEvidence,
  options: Judging,
): ColumnMatch[] {
  const scored = scoreColumns(sources, targets);
  const gains = scored.contested.map((row, source) => toGains(row, scored.castable[source]!, slips.get(source)));
  const assigned = assignColumns(gains, targets.length);
  return sources.map((source, row) => {
    const ranked = rankTargets(source, row, targets, scored, options);
    const at = assigned[row] as number;
    const candidate = targets[at]?.column.name;
    const isSlip = slips.get(row) === at;
    const judged = candidate === undefined
      ? { decision: "no candidate" as const, confidence: 0, margin: 0 }
      : isSlip
      ? {
        decision: scored.castable[row]![at] === 0 ? "values do not fit" as const : "match" as const,
        confidence: confidenceOfSlip,
        margin: 1,
      }
      : judgeCandidate({ source: source.name, target: targets[at]!.name }, row, at, scored, options);
    if (judged.decision === "match" && isDoubtful(row, at)) judged.decision = "former name";
    const target = judged.decision === "match" ? candidate : undefined;
    return { source: source.column.name, target, candidate, ...judged, ranked };
  });
}

function judgeCandidate(
  names: { source: NameProfile; target: NameProfile },
  row: number,
  at: number,
  scored: ScoredColumns,
  options: Judging,
) {
  const features = scored.featuresOf(row, at);
  const standing = scored.competition.standingOf(row, at);
  const confidence = confidenceOf(confidenceInputs(scored.logits[row]![at]!, standing, features));
  const margin = marginOf(standing);
  const { columnWords } = options;
  return {
    decision: decideMatch(features, { ...names, columnWords }, confidence, margin, options),
    confidence,
    margin,
  };
}

/** The best targets of one source; equal scores stay in the order of the names, so the columns' order does not show. */
function rankTargets(
  source: SourceProfile,
  row: number,
  targets: readonly TargetProfile[],
  scored: ScoredColumns,
  { rankedTargets, withEvidence }: Judging,
): RankedTarget[] {
  const scores = scored.contested[row]!;
  return greatestOf(scores, rankedTargets).map((at) => {
    const target = targets[at]!;
    return {
      target: target.column.name,
      score: sigmoid(scores[at]!),
      isRuledOut: scored.castable[row]![at]! < 1,
      evidence: withEvidence ? describeEvidence(source, target, scored.featuresOf(row, at)) : [],
    };
  });
}

/** What the assignment gains by each target of a source; nothing where a value cannot be cast, all by that of a slip. */
function toGains(contested: Float64Array, castable: Float64Array, slip: number | undefined): Float64Array {
  const gains = new Float64Array(contested.length);
  for (let at = 0; at < gains.length; at++) {
    gains[at] = at === slip ? gainOfSlip : castable[at] === 1 ? contested[at]! + willingness : 0;
  }
  return gains;
}
