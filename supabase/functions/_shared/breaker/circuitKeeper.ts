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

/** Hears of each phase that this isolate has begun, for itself or for the fleet. */
export type OnChange = (keeper: Pick<CircuitKeeper, "scope" | "epoch">, next: NextPhase, reason: string) => void;

/** What an isolate holds of a dependency while the fleet says nothing against it, or cannot be asked. */
export class OwnKeeper implements CircuitKeeper {
  readonly scope = "isolate";
  phase: CircuitPhase = { kind: "closed" };
  epoch = 0;
  reason: string | undefined;

  constructor(readonly clock: Clock, readonly onChange: OnChange) {}

  change(epoch: number, next: NextPhase, reason: string): number | undefined {
    if (epoch !== this.epoch) return undefined;
    const begunAs = this.take(begun(next, this.clock.monotonic()), reason);
    this.onChange(this, next, reason);
    return begunAs;
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

  constructor(readonly name: string, readonly view: FleetView, readonly onChange: OnChange) {}

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
    if (!changed?.isChanged) return undefined;
    this.onChange({ scope: this.scope, epoch: changed.circuit.epoch }, next, reason);
    return changed.circuit.epoch;
  }
}

/** What both keepers are made of. */
export interface CircuitKeepersParts {
  readonly name: string;
  readonly view: FleetView;
  readonly clock: Clock;
  /** @default nobody hears */
  readonly onChange?: OnChange;
}

/** Both keepers of a circuit, and which of them decides. */
export class CircuitKeepers {
  readonly own: OwnKeeper;
  readonly fleet: FleetKeeper;
  readonly #view: FleetView;
  #hasInherited = false;

  constructor({ name, view, clock, onChange = () => {} }: CircuitKeepersParts) {
    this.own = new OwnKeeper(clock, onChange);
    this.fleet = new FleetKeeper(name, view, onChange);
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
