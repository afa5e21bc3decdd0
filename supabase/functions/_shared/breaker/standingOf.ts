import type { CircuitStanding, CircuitStateName } from "./circuit.ts";
import type { CircuitKeeper } from "./circuitKeeper.ts";
import { type CircuitPhase, shareOf } from "./circuitPhase.ts";
import type { StoredCircuit } from "./circuitStore.ts";

/** What a phase is called outside. */
export const stateNames: Readonly<Record<CircuitPhase["kind"], CircuitStateName>> = {
  closed: "closed",
  open: "open",
  probing: "half-open",
  ramping: "ramping",
};

/** What a circuit's standing follows from. */
export interface StandingParts {
  /** Why this isolate's calls are kept away by hand. */
  readonly hold: string | undefined;
  readonly override: StoredCircuit["override"];
  readonly keeper: CircuitKeeper;
  readonly isStoreLost: boolean;
  readonly nowMs: number;
}

/** Where a circuit stands, as its calls meet it: a person's word counts first, then the fleet's, then the isolate's. */
export function standingOf({ hold, override, keeper, isStoreLost, nowMs }: StandingParts): CircuitStanding {
  if (hold !== undefined) return { name: "open", share: 0, decidedBy: "operator", reason: hold };
  if (override !== undefined) {
    const { to, reason } = override;
    return { name: to, share: to === "open" ? 0 : 1, decidedBy: "operator", reason };
  }
  const { phase, scope, reason } = keeper;
  const isAlone = scope === "isolate" && (phase.kind !== "closed" || isStoreLost);
  return {
    name: stateNames[phase.kind],
    share: shareOf(phase),
    decidedBy: isAlone ? "isolate" : "fleet",
    ...(phase.kind === "open" || phase.kind === "probing" ? { retryAfterMs: Math.max(0, phase.untilMs - nowMs) } : {}),
    ...(reason === undefined || phase.kind === "closed" ? {} : { reason }),
  };
}
