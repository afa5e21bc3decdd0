import type { NextPhase } from "./circuitPhase.ts";

/** A phase as a row or a record has it: what a phase has no use for is missing. */
export interface CircuitRecord {
  readonly kind: NextPhase["kind"];
  readonly trips?: number | null;
  readonly step?: number | null;
  readonly holder?: string | null;
  readonly lastsMs?: number | null;
}

/** The phase that a record stands for. */
export function phaseOf({ kind, trips, step, holder, lastsMs }: CircuitRecord): NextPhase {
  const common = { lastsMs: lastsMs ?? 0, trips: trips ?? 0 };
  switch (kind) {
    case "closed":
      return { kind };
    case "open":
      return { kind, ...common };
    case "probing":
      return { kind, holder: holder ?? "", ...common };
    case "ramping":
      return { kind, step: step ?? 0, ...common };
  }
}

/** What of a phase is written down. */
export function recordOf(next: NextPhase): Required<CircuitRecord> {
  return {
    kind: next.kind,
    trips: "trips" in next ? next.trips : 0,
    step: "step" in next ? next.step : null,
    holder: "holder" in next ? next.holder : null,
    lastsMs: "lastsMs" in next ? next.lastsMs : null,
  };
}
