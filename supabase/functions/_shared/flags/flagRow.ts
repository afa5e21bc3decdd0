import type { FeatureFlag, FlagSettings } from "./featureFlag.ts";

/** A row of `resilience.feature_flags` as `to_jsonb` gives it, in the table itself and in the history. */
export interface FlagRow {
  readonly name: string;
  readonly description: string;
  readonly is_enabled: boolean;
  readonly rollout_percent: number;
  readonly is_public: boolean;
  readonly allowed_subjects: string[];
  readonly denied_subjects: string[];
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The settings a row holds. */
export function settingsOfRow(row: FlagRow): FlagSettings {
  return {
    description: row.description,
    isEnabled: row.is_enabled,
    rolloutPercent: row.rollout_percent,
    isPublic: row.is_public,
    allowedSubjects: row.allowed_subjects,
    deniedSubjects: row.denied_subjects,
  };
}

/** The flag a row holds. */
export function flagOfRow(row: FlagRow): FeatureFlag {
  return {
    name: row.name,
    ...settingsOfRow(row),
    version: row.version,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
  };
}
