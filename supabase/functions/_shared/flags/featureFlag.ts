/** A feature flag as it is stored. */
export interface FeatureFlag {
  readonly name: string;
  readonly description: string;
  /** Off is off at once and for everyone, whatever the rest says. */
  readonly isEnabled: boolean;
  /** The share of subjects that see it, a whole number from 0 to 100. */
  readonly rolloutPercent: number;
  /** May callers without the secret key learn whether it is on for them? */
  readonly isPublic: boolean;
  /** Subjects that see it whatever the share, such as `user:6f1c...`. */
  readonly allowedSubjects: string[];
  /** Subjects that never see it. */
  readonly deniedSubjects: string[];
  /** Grows with each change and never repeats for a name: what compare-and-set compares. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What of a flag can be chosen. */
export type FlagSettings = Omit<FeatureFlag, "name" | "version" | "createdAt" | "updatedAt">;

/** One entry of a flag's history. */
export interface FlagChange {
  readonly name: string;
  /** The version this change made. */
  readonly version: number;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly reason: string | null;
  /** `null` where the change made the flag. */
  readonly before: FlagSettings | null;
  /** `null` where the change removed it. */
  readonly after: FlagSettings | null;
}
