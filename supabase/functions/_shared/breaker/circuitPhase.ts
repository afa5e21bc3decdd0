/**
 * What a circuit is doing. Times are those of whoever keeps it: an isolate's monotonic clock, never two clocks at once;
 * between isolates and their store only durations travel.
 */
export type CircuitPhase =
  | { readonly kind: "closed" }
  /** Nobody calls; from `untilMs` on somebody may probe. `trips` counts how often it opened without closing between. */
  | { readonly kind: "open"; readonly untilMs: number; readonly trips: number }
  /** `holder` calls, nobody else; when it has not told by `untilMs`, another may. */
  | { readonly kind: "probing"; readonly holder: string; readonly untilMs: number; readonly trips: number }
  /** A share of the calls goes through; from `untilMs` on the next step may be taken. */
  | { readonly kind: "ramping"; readonly step: number; readonly untilMs: number; readonly trips: number };

/** A phase to come, as whoever keeps it is told: how long it lasts from when it begins. */
export type NextPhase =
  | { readonly kind: "closed" }
  | { readonly kind: "open"; readonly lastsMs: number; readonly trips: number }
  | { readonly kind: "probing"; readonly holder: string; readonly lastsMs: number; readonly trips: number }
  | { readonly kind: "ramping"; readonly step: number; readonly lastsMs: number; readonly trips: number };

/** What the beginning of a phase is called among the events of a circuit: opossum's names, and one that it does not have. */
export const phaseEvents: Readonly<Record<CircuitPhase["kind"], string>> = {
  closed: "close",
  open: "open",
  probing: "halfOpen",
  ramping: "ramp",
};

/** The shares of calls that a circuit lets through, step by step, before it is closed again. */
export const rampShares: readonly number[] = [0.1, 0.25, 0.5];

/** What decides how long phases last. */
export interface PhaseTimes {
  readonly resetTimeoutMs: number;
  readonly maxResetTimeoutMs: number;
  readonly probeLeaseMs: number;
  readonly rampStepMs: number;
}

/**
 * It has failed, again after `trips` times: the wait doubles each time up to its bound, and chance takes up to a quarter
 * of it, so that circuits that opened together do not come back together. `leastMs`: what the dependency has asked for.
 */
export function opened(trips: number, times: PhaseTimes, chance: number, leastMs = 0): NextPhase {
  const wait = Math.min(times.maxResetTimeoutMs, times.resetTimeoutMs * 2 ** Math.min(trips, 30));
  return { kind: "open", lastsMs: Math.max(leastMs, wait * (1 - chance / 4)), trips: trips + 1 };
}

/** It has not failed, and asks to be left alone for so long. */
export function leftAlone(trips: number, waitMs: number): NextPhase {
  return { kind: "open", lastsMs: waitMs, trips };
}

/** `holder` is to find out whether it works again. */
export function probed(trips: number, times: PhaseTimes, holder: string): NextPhase {
  return { kind: "probing", holder, lastsMs: times.probeLeaseMs, trips };
}

/** The step after `step`, or the first one; after the last it is closed. */
export function ramped(trips: number, times: PhaseTimes, step = -1): NextPhase {
  if (step + 1 >= rampShares.length) return { kind: "closed" };
  return { kind: "ramping", step: step + 1, lastsMs: times.rampStepMs, trips };
}

/** The phase that begins at `nowMs`. */
export function begun(next: NextPhase, nowMs: number): CircuitPhase {
  switch (next.kind) {
    case "closed":
      return next;
    case "open":
      return { kind: "open", untilMs: nowMs + next.lastsMs, trips: next.trips };
    case "probing":
      return { kind: "probing", holder: next.holder, untilMs: nowMs + next.lastsMs, trips: next.trips };
    case "ramping":
      return { kind: "ramping", step: next.step, untilMs: nowMs + next.lastsMs, trips: next.trips };
  }
}

/** How often it has opened without closing between. */
export function tripsOf(phase: CircuitPhase | NextPhase): number {
  return phase.kind === "closed" ? 0 : phase.trips;
}

/** The share of calls that a phase lets through. */
export function shareOf(phase: CircuitPhase | NextPhase): number {
  if (phase.kind === "closed") return 1;
  return phase.kind === "ramping" ? rampShares[phase.step] ?? 1 : 0;
}
