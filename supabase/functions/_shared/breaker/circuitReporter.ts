import type { FleetKeeper } from "./circuitKeeper.ts";
import type { CircuitRules } from "./circuitOptions.ts";
import { opened, tripsOf } from "./circuitPhase.ts";
import { isDownByVotes, isFallingBack } from "./decideByVotes.ts";
import type { FleetView } from "./fleetView.ts";

/** What an isolate has seen of a dependency. */
export interface Sighting {
  readonly calls: number;
  readonly failures: number;
  readonly isDoubtful: boolean;
}

/** What a reporter is made of. */
export interface CircuitReporterParts {
  readonly name: string;
  readonly isolate: () => string;
  readonly view: FleetView;
  readonly fleet: Pick<FleetKeeper, "change">;
  /** What was seen in the fleet's phase of now. */
  sighting(): Sighting;
  rules(): CircuitRules;
  chance(): number;
}

const pauseMs = 1_000;

/**
 * Tells the fleet what an isolate sees of one dependency, and decides with what the others have told: report and news are
 * one round trip, a decision a second one. One at a time, and where nothing is decisive one a second.
 */
export class CircuitReporter {
  readonly #parts: CircuitReporterParts;
  #isAgain = false;
  #nextAtMs = -Infinity;
  /** The report that is under way. */
  pending: Promise<void> | undefined;

  constructor(parts: CircuitReporterParts) {
    this.#parts = parts;
  }

  /** Something was seen that the others should know of; `isDecisive`: at once, whatever was told just now. */
  tell(nowMs: number, isDecisive: boolean): void {
    if (!this.#parts.view.hasStore) return;
    if (this.pending !== undefined) {
      this.#isAgain ||= isDecisive;
      return;
    }
    if (!isDecisive && nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + pauseMs;
    this.pending = this.#tellAll().finally(() => this.pending = undefined);
  }

  async #tellAll(): Promise<void> {
    do {
      this.#isAgain = false;
      await this.#tellOnce();
    } while (this.#isAgain && !this.#parts.view.isLost);
  }

  async #tellOnce(): Promise<void> {
    const { name, isolate, view, fleet } = this.#parts;
    const rules = this.#parts.rules();
    const epoch = view.circuit(name)?.epoch ?? 0;
    const lastsMs = Math.max(rules.rollingWindowMs, rules.resetTimeoutMs);
    const reported = await view.report({ name, isolate: isolate(), epoch, lastsMs, ...this.#parts.sighting() });
    if (reported === undefined) return;
    const { circuit: { phase, epoch: now }, votes } = reported;
    const chance = this.#parts.chance();
    if (phase.kind === "closed" && isDownByVotes(votes, now, rules)) {
      const failing = votes.filter(({ failures }) => failures > 0).length;
      await fleet.change(now, opened(0, rules, chance), `it failed for ${failing} isolates`);
    } else if (phase.kind === "ramping" && isFallingBack(votes, now, rules)) {
      await fleet.change(now, opened(tripsOf(phase), rules, chance), "it failed on its way back");
    }
  }
}
