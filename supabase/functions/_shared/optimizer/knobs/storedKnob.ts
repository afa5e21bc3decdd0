import { isWithinBounds, type Knob, type KnobStep, type KnobValue } from "./knob.ts";
import type { KnobReader } from "./knobReader.ts";
import { findKnob } from "./knownKnobs.ts";

/** A knob as its row has it. */
export interface StoredKnob {
  readonly name: string;
  /** What the row says of the knob itself; undefined: a row written by hand that no code has registered. */
  readonly knob: Knob | undefined;
  /** Undefined: the default counts. */
  readonly value: KnobValue | undefined;
  readonly isTunable: boolean;
  readonly areBoundsByHand: boolean;
  readonly pin?: { readonly by: string; readonly reason: string; readonly untilMs: number | undefined } | undefined;
  readonly trial?:
    | { readonly id: string; readonly value: KnobValue; readonly share: number; readonly untilMs: number }
    | undefined;
  readonly updatedAtMs: number;
}

/** The columns of `resilience.tuning_parameters`, as JSON. */
export interface KnobRow {
  readonly name: string;
  readonly value: KnobValue | null;
  readonly kind: Knob["kind"] | null;
  readonly default_value: KnobValue | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly step: KnobStep | null;
  readonly choices: string[] | null;
  readonly summary: string;
  readonly are_bounds_by_hand: boolean;
  readonly is_tunable: boolean;
  readonly pinned_by: string | null;
  readonly pin_reason: string | null;
  readonly pinned_until: string | null;
  readonly trial_id: number | null;
  readonly trial_value: KnobValue | null;
  readonly trial_share: number | null;
  readonly trial_until: string | null;
  readonly updated_at: string;
}

/** The knob that a row stands for. */
export function storedKnobOf(row: KnobRow): StoredKnob {
  const { pinned_by, pin_reason, pinned_until, trial_id, trial_value, trial_share, trial_until } = row;
  return {
    name: row.name,
    knob: definitionOf(row),
    value: row.value ?? undefined,
    isTunable: row.is_tunable,
    areBoundsByHand: row.are_bounds_by_hand,
    ...(pinned_by === null ? {} : {
      pin: {
        by: pinned_by,
        reason: pin_reason ?? "",
        untilMs: pinned_until === null ? undefined : Date.parse(pinned_until),
      },
    }),
    ...(trial_id === null || trial_value === null ? {} : {
      trial: {
        id: String(trial_id),
        value: trial_value,
        share: trial_share ?? 0,
        untilMs: trial_until === null ? 0 : Date.parse(trial_until),
      },
    }),
    updatedAtMs: Date.parse(row.updated_at),
  };
}

function definitionOf(row: KnobRow): Knob | undefined {
  const { name, summary, kind, default_value, lowest, highest, step, choices } = row;
  if (kind === null || default_value === null) return undefined;
  switch (kind) {
    case "switch":
      return { name, summary, kind, defaultValue: default_value as boolean };
    case "choice":
      return { name, summary, kind, defaultValue: default_value as string, choices: choices as [string, ...string[]] };
    default:
      return {
        name,
        summary,
        kind,
        defaultValue: default_value as number,
        lowest: lowest!,
        highest: highest!,
        step: step!,
      };
  }
}

/** What the knobs hold for the fleet at large, trials aside. */
export function fleetKnobs(stored: ReadonlyMap<string, StoredKnob>): KnobReader {
  return {
    read: (knob) => {
      const { value } = stored.get(knob.name) ?? {};
      return value !== undefined && isWithinBounds(knob, value) ? value : knob.defaultValue;
    },
  };
}

/** The knob as it may be turned: as the code defines it, within bounds that a person has narrowed. */
export function narrowed(knob: Knob, stored: StoredKnob | undefined): Knob {
  if (stored?.areBoundsByHand !== true || !("lowest" in knob)) return knob;
  const row = stored.knob;
  if (row === undefined || !("lowest" in row)) return knob;
  return { ...knob, lowest: Math.max(knob.lowest, row.lowest), highest: Math.min(knob.highest, row.highest) };
}

/** What is known of a knob of that name, by the code or by its row. */
export function definitionFor(name: string, stored: ReadonlyMap<string, StoredKnob>): Knob | undefined {
  return stored.get(name)?.knob ?? findKnob(name);
}
