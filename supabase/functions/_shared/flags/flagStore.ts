import type { FeatureFlag, FlagChange, FlagSettings } from "./featureFlag.ts";

/** Where flags are read from, all at once: they are few, and one read serves every caller of an isolate. */
export interface FlagSource {
  list(): Promise<FeatureFlag[]>;
}

/** Who changes a flag and why, for its history. */
export interface ChangeNote {
  readonly changedBy: string;
  /** @default none */
  readonly reason?: string | undefined;
}

/** What a change to a flag came to. `current` is what is there instead of what was expected. */
export type ChangeResult =
  | { readonly kind: "changed"; readonly flag: FeatureFlag }
  | { readonly kind: "missing" }
  | { readonly kind: "conflict"; readonly current: FeatureFlag };

/** The flags of a project and their history. Every change compares versions and is recorded with the change itself. */
export interface FlagStore extends FlagSource {
  find(name: string): Promise<FeatureFlag | undefined>;
  /** The latest changes, newest first. */
  history(name: string, limit: number): Promise<FlagChange[]>;
  /** Creates the flag where `expectedVersion` is 0, replaces it where that version is still the current one. */
  put(name: string, settings: FlagSettings, expectedVersion: number, note: ChangeNote): Promise<ChangeResult>;
  /** Changes what `decide` says, under a lock; without `expectedVersion` whatever the version is. */
  change(
    name: string,
    decide: (flag: FeatureFlag) => Partial<FlagSettings>,
    expectedVersion: number | undefined,
    note: ChangeNote,
  ): Promise<ChangeResult>;
  remove(name: string, expectedVersion: number | undefined, note: ChangeNote): Promise<ChangeResult>;
}
