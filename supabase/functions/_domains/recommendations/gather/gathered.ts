import { type MomentRow, type MomentTastes, type TasteProfile, toMomentTastes } from "../../personalization/ports.ts";
import type { RecommendationSource } from "../recommendation.ts";
import type { Candidate, Found, Habit, TraitVector } from "./candidate.ts";

/** What a request is answered from. */
export interface Gathered {
  /** Whom it is for; `undefined` for nobody known. */
  readonly subject: string | undefined;
  readonly isOptedOut: boolean;
  readonly profile: TasteProfile;
  readonly modelVersion: number | undefined;
  readonly candidates: readonly Candidate[];
  /** What the shopper said to have no interest in. */
  readonly unlike: readonly TraitVector[];
  /** What the moment makes of categories. */
  readonly moment: MomentTastes;
  /** The product that others are to be similar to. */
  readonly anchor: TraitVector | undefined;
  /** The names of products that led to candidates. */
  readonly names: ReadonlyMap<string, string>;
  /** What the shopper takes of the like of the product asked about. */
  readonly alikeQuantity: number | undefined;
}

type VectorRow = [string[] | null, number[] | null];
type HabitRow = [number, number, number, number | null, number];
type FoundRow = [RecommendationSource, number, string | null];
type CandidateRow = [
  string,
  string,
  string,
  FoundRow[],
  string[] | null,
  number[] | null,
  number,
  boolean,
  HabitRow | null,
];

/** The JSON of `recommendations.gather`: rows instead of objects, as names would be half of it. */
export interface GatheredJson {
  subject: string | null;
  isOptedOut: boolean | null;
  profile: [string, number, number, number, number, number][];
  model: number | null;
  candidates: CandidateRow[];
  unlike: VectorRow[];
  moment: MomentRow[];
  anchor: VectorRow | null;
  names: Record<string, string>;
  alikeQuantity: number | null;
}

/** Gives the rows their names. */
export function toGathered(json: GatheredJson): Gathered {
  return {
    subject: json.subject ?? undefined,
    isOptedOut: json.isOptedOut === true,
    profile: new Map(
      json.profile.map(([trait, score, longTerm, session, confidence, events]) => [
        trait,
        { score, longTerm, session, confidence, events },
      ]),
    ),
    modelVersion: json.model ?? undefined,
    candidates: json.candidates.map(toCandidate),
    unlike: json.unlike.map(toVector),
    moment: toMomentTastes(json.moment),
    anchor: json.anchor === null ? undefined : toVector(json.anchor),
    names: new Map(Object.entries(json.names)),
    alikeQuantity: json.alikeQuantity ?? undefined,
  };
}

function toCandidate(row: CandidateRow): Candidate {
  const [id, categoryId, vendorId, found, traits, weights, popularity, isInSeason, habit] = row;
  return {
    id,
    categoryId,
    vendorId,
    found: found.map(toFound),
    ...toVector([traits, weights]),
    popularity,
    isInSeason,
    habit: habit === null ? undefined : toHabit(habit),
  };
}

function toVector([traits, weights]: VectorRow): TraitVector {
  return { traits: traits ?? [], weights: weights ?? [] };
}

function toFound([source, strength, because]: FoundRow): Found {
  return { source, strength, because: because ?? undefined };
}

function toHabit([purchases, usualQuantity, lastQuantity, intervalDays, daysSince]: HabitRow): Habit {
  return { purchases, usualQuantity, lastQuantity, intervalDays: intervalDays ?? undefined, daysSince };
}
