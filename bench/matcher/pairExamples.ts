import {
  profileSources,
  profileTargets,
  type SourceProfile,
  type TargetProfile,
} from "../../supabase/functions/_shared/healing/matcher/columnProfile.ts";
import type { NameProfile } from "../../supabase/functions/_shared/healing/matcher/nameProfile.ts";
import type { PairFeatures } from "../../supabase/functions/_shared/healing/matcher/pairFeatures.ts";
import { scoreColumns } from "../../supabase/functions/_shared/healing/matcher/scoreColumns.ts";
import { expectKinds } from "../../supabase/functions/_shared/healing/matcher/expectedValues.ts";
import { isQualifier } from "../../supabase/functions/_shared/healing/matcher/nameToken.ts";
import { stableFraction } from "../../supabase/functions/_shared/random/stableHash.ts";
import type { TablePair } from "./tablePair.ts";

/** The features of every pair of columns of two tables, with the truth. */
export interface PairExamples {
  readonly pair: TablePair;
  readonly sources: readonly SourceProfile[];
  readonly targets: readonly TargetProfile[];
  /** By source, then target. */
  readonly features: readonly (readonly PairFeatures[])[];
  readonly isTrue: readonly (readonly boolean[])[];
}

/**
 * Computes the features of a pair of tables. `forgotten` is the share of dictionary words hidden from the names, so
 * that fitting on generated tables does not learn to lean on a dictionary that knows all their words.
 */
export function toExamples(pair: TablePair, forgotten = 0): PairExamples {
  const forget = <Profile extends SourceProfile | TargetProfile>(profile: Profile): Profile =>
    forgotten === 0 ? profile : forgetWords(profile, forgotten, pair.name);
  const sources = profileSources(pair.sources).map(forget);
  const byColumn = new Map(profileTargets(pair.targets).profiles.map((profile) => [profile.column, profile]));
  const targets = pair.targets.map((column) => forget(byColumn.get(column)!));
  const isTrue = sources.map(() => targets.map(() => false));
  for (const [source, target] of pair.truth) isTrue[source]![target] = true;
  const scored = scoreColumns(sources, targets);
  const features = sources.map((_, source) => targets.map((_, target) => scored.featuresOf(source, target)));
  return { pair, sources, targets, features, isTrue };
}

function forgetWords<Profile extends SourceProfile | TargetProfile>(
  profile: Profile,
  share: number,
  salt: string,
): Profile {
  const tokens = profile.name.tokens.map((token) =>
    stableFraction(salt, token.text) < share ? { ...token, concepts: [], family: undefined } : token
  );
  const name: NameProfile = {
    ...profile.name,
    tokens,
    isKnown: tokens.some((token) => token.concepts.length > 0),
    hasQualifier: tokens.some(isQualifier),
  };
  return { ...profile, name, expected: expectKinds(name) };
}
