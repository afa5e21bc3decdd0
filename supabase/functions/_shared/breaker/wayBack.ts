import type { CircuitKeeper } from "./circuitKeeper.ts";
import type { CircuitRules } from "./circuitOptions.ts";
import { type CircuitPhase, shareOf } from "./circuitPhase.ts";

/**
 * One isolate's part in a circuit's way back: which of its calls make up the share, and what came of them. The share is
 * kept to evenly, never more than it and one call. Where it begins is left to chance, so that isolates with few calls take
 * part too and all of them together keep to the share.
 */
export class WayBack {
  #scope: CircuitKeeper["scope"] = "isolate";
  #epoch = -1;
  #share = 0;
  #credit = 0;
  calls = 0;
  failures = 0;

  /** A new phase counts, and lets its share through, from the start. */
  enter({ scope, epoch, phase }: CircuitKeeper, chance: () => number): this {
    if (this.#scope === scope && this.#epoch === epoch) return this;
    this.#scope = scope;
    this.#epoch = epoch;
    this.#share = shareOf(phase);
    this.#credit = chance();
    this.calls = 0;
    this.failures = 0;
    return this;
  }

  /** May this call go through? */
  takes(): boolean {
    this.#credit += this.#share;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }

  note(hasFailed: boolean): void {
    this.calls++;
    if (hasFailed) this.failures++;
  }

  /** May the next step be taken? Where few calls come this isolate may not have been let through at all, and waits longer. */
  isDone(phase: Extract<CircuitPhase, { kind: "ramping" }>, nowMs: number, rules: CircuitRules): boolean {
    const overdueMs = nowMs - phase.untilMs;
    if (overdueMs < 0 || this.failures > 0) return false;
    return this.#scope === "isolate" || this.calls > 0 || overdueMs >= rules.rampStepMs;
  }
}
