import { isTreated, type Trial } from "./trial.ts";

/** What is known of a knob besides its default. */
export interface TunedValue {
  readonly name: string;
  /** Undefined: the default counts, trials aside. */
  readonly value?: unknown;
  readonly trial?: (Trial & { readonly value: unknown }) | undefined;
}

/** A row of `resilience.read_tuning`. */
export interface TunedRow {
  readonly name: string;
  readonly value: unknown;
  readonly trial_id: string | number | null;
  readonly trial_value: unknown;
  readonly trial_share: number | null;
}

/** What a row stands for. */
export function tunedOfRow(row: TunedRow): TunedValue {
  const { name, value, trial_id, trial_value, trial_share } = row;
  return {
    name,
    ...(value === null ? {} : { value }),
    ...(trial_id === null ? {} : { trial: { id: String(trial_id), share: trial_share ?? 0, value: trial_value } }),
  };
}

/** What the knob holds on that isolate; undefined where its default counts. */
export function valueOn(tuned: TunedValue, isolate: string): unknown {
  return tuned.trial !== undefined && isTreated(tuned.trial, isolate) ? tuned.trial.value : tuned.value;
}
