import type { CircuitRun } from "../../../supabase/functions/_shared/breaker/circuitRun.ts";
import { CircuitRegistry } from "../../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import type { CircuitOptions } from "../../../supabase/functions/_shared/breaker/circuitOptions.ts";
import type { CircuitStore } from "../../../supabase/functions/_shared/breaker/circuitStore.ts";
import type { FleetCircuit } from "../../../supabase/functions/_shared/breaker/fleetCircuit.ts";
import { seededRandom } from "../../../supabase/functions/_shared/random/seededRandom.ts";
import type { Clock } from "../../../supabase/functions/_shared/time/clock.ts";
import { MemoryCircuitStore } from "../../harness/memoryCircuitStore.ts";

/** One isolate of the world. */
export interface WorldIsolate {
  readonly circuit: FleetCircuit;
  /** Its calls fail, whatever the dependency does. */
  isPoisoned: boolean;
  isDead: boolean;
  /** Calls that were kept away. */
  refused: number;
}

/** A call that reached the dependency, and on whose word. */
export interface MadeCall {
  readonly isolate: number;
  readonly atMs: number;
  readonly permit: CircuitRun["permit"];
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

export const worldOptions: CircuitOptions = {
  resetTimeout: 2_000,
  maxResetTimeout: 16_000,
  timeout: 1_000,
  rampStepMs: 500,
};

/** Time, isolates with clocks that are wrong by half a minute, a store and a dependency: all in the test's hand. */
export class FleetWorld {
  nowMs = 0;
  dependency: "up" | "down" | "hanging" = "up";
  isStoreLost = false;
  readonly store: MemoryCircuitStore;
  readonly isolates: WorldIsolate[];
  readonly calls: MadeCall[] = [];
  /** What must not be and was seen. */
  readonly faults: string[] = [];
  #timers: Timer[] = [];

  constructor(count: number, seed: number, reach: () => Promise<void> = () => Promise.resolve()) {
    this.store = new MemoryCircuitStore(() => this.nowMs);
    this.store.reach = async () => {
      if (this.isStoreLost) throw new Error("the store is away");
      await reach();
      if (this.isStoreLost) throw new Error("the store is away");
    };
    const random = seededRandom(seed);
    this.isolates = Array.from({ length: count }, (_, number) => {
      const registry = new CircuitRegistry({
        store: () => this.#storeOf(number),
        isolate: () => `isolate ${number}`,
        clock: this.#clock((random.next() - 0.5) * 60_000, random.next() * 1e6),
        random: seededRandom(seed + number + 1),
      });
      const circuit = registry.getBreaker("ai", worldOptions);
      circuit.onCall("fire", (args) => this.#note(number, (args as [CircuitRun])[0].permit));
      return { circuit, isPoisoned: false, isDead: false, refused: 0 };
    });
  }

  /** What a dead isolate still had to say is not heard. */
  #storeOf(number: number): CircuitStore {
    const unlessDead = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
      this.isolates[number]!.isDead ? new Promise(() => {}) : ask();
    const { store } = this;
    return {
      read: () => unlessDead(() => store.read()),
      report: (report) => unlessDead(() => store.report(report)),
      change: (...change) => unlessDead(() => store.change(...change)),
      override: (...override) => unlessDead(() => store.override(...override)),
    };
  }

  /** A clock that is wrong by `skewMs`, and counts from an arbitrary start. */
  #clock(skewMs: number, startMs: number): Clock {
    return {
      now: () => Date.UTC(2026, 0, 1) + this.nowMs + skewMs,
      monotonic: () => this.nowMs + startMs,
      setTimer: (callback, delayMs) => {
        const timer = { atMs: this.nowMs + Math.max(0, delayMs), callback };
        this.#timers.push(timer);
        return () => void (this.#timers = this.#timers.filter((other) => other !== timer));
      },
    };
  }

  #note(isolate: number, permit: CircuitRun["permit"]): void {
    const { scope, kind, epoch } = permit;
    const isSecond = scope === "fleet" && kind === "probing" &&
      this.calls.some((call) =>
        call.permit.scope === scope && call.permit.kind === kind && call.permit.epoch === epoch
      );
    if (isSecond) this.faults.push(`two probes under one lease, at ${this.nowMs}`);
    this.calls.push({ isolate, atMs: this.nowMs, permit });
  }

  /** A call by an isolate; settled or not, it goes its way. */
  call(number: number): Promise<void> {
    const isolate = this.isolates[number]!;
    if (isolate.isDead) return Promise.resolve();
    return isolate.circuit.execute(({ signal }) => {
      if (this.dependency === "hanging") {
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      }
      if (this.dependency === "down" || isolate.isPoisoned) return Promise.reject(new Error("down"));
      return Promise.resolve("well");
    }).then(() => {}, (error) => {
      if ((error as { code?: string }).code === "EOPENBREAKER") isolate.refused++;
    });
  }

  /** Lets everything go on that waits for nothing but its turn. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 40; turn++) await undefined;
  }

  async pass(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    await this.settle();
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.callback();
      await this.settle();
    }
    this.nowMs = until;
  }

  #next(until: number): Timer | undefined {
    return this.#timers.filter(({ atMs }) => atMs <= until).sort((one, other) => one.atMs - other.atMs)[0];
  }
}
