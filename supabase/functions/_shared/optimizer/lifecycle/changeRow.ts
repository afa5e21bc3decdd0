import type { KnobValue } from "../knobs/knob.ts";
import type { Change, ChangeState, Findings, Measured, NamedExpectation } from "./change.ts";

/** The columns of `resilience.optimization_log`, as JSON. */
export interface ChangeRow {
  readonly id: number;
  readonly knob: string;
  readonly rule: string;
  readonly state: ChangeState;
  readonly direction: string;
  readonly before: KnobValue;
  readonly after: KnobValue;
  readonly evidence: Findings;
  readonly expected: NamedExpectation;
  readonly shadow: Findings | null;
  readonly measured: Measured | null;
  readonly guard: Measured | null;
  readonly share: number | null;
  readonly window_ms: number | null;
  readonly windows: number;
  readonly reason: string;
  readonly decided_by: string;
  readonly proposed_at: string;
  readonly lead_began_at: string | null;
  readonly trial_began_at: string | null;
  readonly window_ends_at: string | null;
  readonly kept_at: string | null;
  readonly guard_ends_at: string | null;
  readonly guarded_at: string | null;
  readonly ended_at: string | null;
}

/** The change that a row stands for. */
export function changeOfRow(row: ChangeRow): Change {
  const { knob, rule, state, direction, before, after, evidence, expected, windows, reason } = row;
  return {
    id: String(row.id),
    ...{ knob, rule, state, direction, before, after, evidence, expected, windows, reason },
    shadow: row.shadow ?? undefined,
    measured: row.measured ?? undefined,
    guard: row.guard ?? undefined,
    share: row.share ?? undefined,
    windowMs: row.window_ms ?? undefined,
    decidedBy: row.decided_by,
    proposedAtMs: Date.parse(row.proposed_at),
    leadBeganAtMs: timeOf(row.lead_began_at),
    trialBeganAtMs: timeOf(row.trial_began_at),
    windowEndsAtMs: timeOf(row.window_ends_at),
    keptAtMs: timeOf(row.kept_at),
    guardEndsAtMs: timeOf(row.guard_ends_at),
    guardedAtMs: timeOf(row.guarded_at),
    endedAtMs: timeOf(row.ended_at),
  };
}

function timeOf(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text);
}
