import { type Random, systemRandom } from "../random/random.ts";
import { hubOf, type KernelHub } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { coarseTimer } from "../time/coarseTimer.ts";
import type { CircuitOptions } from "./circuitOptions.ts";
import type { CircuitStore } from "./circuitStore.ts";
import { Doubts } from "./doubts.ts";
import { FleetCircuit } from "./fleetCircuit.ts";
import { FleetView, type FleetViewParts } from "./fleetView.ts";

/** What a registry is made of. */
export interface CircuitRegistryParts extends Omit<FleetViewParts, "store" | "clock" | "log"> {
  /** What isolates share, asked for at first use. @default none: this isolate decides alone */
  readonly store?: () => CircuitStore | undefined;
  /** This isolate's name among the fleet. @default a random one */
  readonly isolate?: () => string;
  /** @default a log that says nothing */
  readonly log?: Pick<Logger, "warn" | "info">;
  /** Is told what circuits do. @default the isolate's hub */
  readonly observer?: KernelObserver;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: Random;
}

const silent: Pick<Logger, "warn" | "info"> = { warn: () => {}, info: () => {} };

/** The circuits of an isolate: one of each name, one view of the fleet for all of them. */
export class CircuitRegistry {
  readonly #circuits = new Map<string, FleetCircuit>();
  readonly #doubts = new Doubts();
  readonly #parts: CircuitRegistryParts;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #view: FleetView;
  readonly #hub: KernelHub;
  #isolate: string | undefined;
  #store: CircuitStore | undefined;

  constructor(parts: CircuitRegistryParts = {}) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    this.#hub = hubOf(parts.observer);
    this.#random = parts.random ?? systemRandom;
    const { log = silent } = parts;
    this.#view = new FleetView({ ...parts, store: () => this.#store ?? parts.store?.(), log, clock: this.#clock });
    this.#view.onRead = () => this.#circuits.forEach((circuit) => circuit.notice());
  }

  /** The circuit of that name; the options of whoever asks first count. */
  getBreaker(name: string, options: CircuitOptions = {}): FleetCircuit {
    let circuit = this.#circuits.get(name);
    if (circuit === undefined) {
      circuit = new FleetCircuit(name, options, {
        isolate: () => this.#isolate ??= this.#parts.isolate?.() ?? this.#random.uuid(),
        view: this.#view,
        doubts: this.#doubts,
        clock: this.#clock,
        random: this.#random,
        warn: (message, fields) => (this.#parts.log ?? silent).warn(message, fields),
        hub: this.#hub,
        timer: coarseTimer(this.#clock),
      });
      this.#circuits.set(name, circuit);
    }
    return circuit;
  }

  /** Shares the circuits through that store instead: to be said before the first call. */
  share(store: CircuitStore): void {
    this.#store = store;
  }

  /** All circuits that have been asked for. */
  all(): readonly FleetCircuit[] {
    return [...this.#circuits.values()];
  }
}
