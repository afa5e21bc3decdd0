import type { Clock } from "../time/clock.ts";
import { begun, type CircuitPhase, type NextPhase } from "./circuitPhase.ts";
import type { FleetView } from "./fleetView.ts";

/** Keeps the phase of one circuit: an isolate for itself, or the store for the fleet. */
export interface CircuitKeeper {
  readonly scope: "isolate" | "fleet";
  readonly phase: CircuitPhase;
  /** Counts the phases. */
  readonly epoch: number;
  readonly reason: string | undefined;
  /** Begins a phase if `epoch` still stands. Returns the new epoch; undefined: it did not stand any more. */
  change(epoch: number, next: NextPhase, reason: string): number | undefined | Promise<number | undefined>;
}

/** What an isolate holds of a dependency while the fleet says nothing against it, or cannot be asked. */
export class OwnKeeper implements CircuitKeeper {
  readonly scope = "isolate";
  phase: CircuitPhase = { kind: "closed" };
  epoch = 0;
  reason: string | undefined;

  constructor(readonly clock: Clock) {}

  change(epoch: number, next: NextPhase, reason: string): number | undefined {
    if (epoch !== this.epoch) return undefined;
    return this.take(begun(next, this.clock.monotonic()), reason);
  }

  /** Takes over a phase as it is. */
  take(phase: CircuitPhase, reason: string | undefined): number {
    this.phase = phase;
    this.reason = reason;
    return ++this.epoch;
  }
}

const closed: CircuitPhase = { kind: "closed" };

/** What the fleet holds of a dependency, as far as this isolate knows. */
export class FleetKeeper implements CircuitKeeper {
  readonly scope = "fleet";

  constructor(readonly name: string, readonly view: FleetView) {}

  get phase(): CircuitPhase {
    return this.view.circuit(this.name)?.phase ?? closed;
  }

  get epoch(): number {
    return this.view.circuit(this.name)?.epoch ?? 0;
  }

  get reason(): string | undefined {
    return this.view.circuit(this.name)?.reason;
  }

  async change(epoch: number, next: NextPhase, reason: string): Promise<number | undefined> {
    const changed = await this.view.change(this.name, epoch, next, reason);
    return changed?.isChanged ? changed.circuit.epoch : undefined;
  }
}

/** Both keepers of a circuit, and which of them decides. */
export class CircuitKeepers {
  readonly own: OwnKeeper;
  readonly fleet: FleetKeeper;
  readonly #view: FleetView;
  #hasInherited = false;

  constructor(name: string, view: FleetView, clock: Clock) {
    this.own = new OwnKeeper(clock);
    this.fleet = new FleetKeeper(name, view);
    this.#view = view;
  }

  of(scope: CircuitKeeper["scope"]): CircuitKeeper {
    return scope === "fleet" ? this.fleet : this.own;
  }

  /** The fleet decides where it has seen something; where it has not, or cannot be asked, the isolate does. */
  get current(): CircuitKeeper {
    const { own, fleet } = this;
    const { phase } = fleet;
    if (!this.#view.isLost) {
      this.#hasInherited = false;
      if (phase.kind === "closed") return own;
      // Others have seen more by now.
      if (own.phase.kind !== "closed") own.take(closed, undefined);
      return fleet;
    }
    if (!this.#hasInherited && this.#view.hasStore) {
      this.#hasInherited = true;
      if (phase.kind !== "closed" && own.phase.kind === "closed") own.take(phase, fleet.reason);
    }
    return own;
  }
}
