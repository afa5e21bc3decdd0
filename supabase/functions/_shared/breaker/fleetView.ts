import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import { timeLimit } from "../time/timeLimit.ts";
import type { CircuitTuning } from "./circuitOptions.ts";
import { begun, type CircuitPhase, type NextPhase } from "./circuitPhase.ts";
import type {
  ChangedCircuit,
  CircuitReport,
  CircuitSnapshot,
  CircuitStore,
  ReportedCircuit,
  StoredCircuit,
} from "./circuitStore.ts";

/** A circuit of the fleet as this isolate knows it, in the time of this isolate's monotonic clock. */
export interface KnownCircuit extends Omit<StoredCircuit, "phase"> {
  readonly phase: CircuitPhase;
  /** When the answer that told it came. */
  readonly learnedAtMs: number;
}

/** What a view is made of. */
export interface FleetViewParts {
  /** Asked for at first use; undefined: there is none, each isolate decides alone. */
  readonly store: () => CircuitStore | undefined;
  readonly clock: Clock;
  readonly log: Pick<Logger, "warn" | "info">;
  /** The store is read at most so often, for all circuits together. @default 1_000 */
  readonly refreshMs?: number;
  /** What is older is not acted on without having asked. @default 5_000 */
  readonly ttlMs?: number;
  /** At first use a call waits for the store no longer than this. @default 300 */
  readonly waitMs?: number;
  /**
   * A store that has not answered by then counts as lost. So long does a call wait where the dependency has just failed,
   * and would be called in vain. @default 3_000
   */
  readonly answerLimitMs?: number;
}

/**
 * One isolate's view of the fleet's circuits: one read for all of them, at most once a second and only while calls are made.
 * What is known serves while it is asked for anew; only at first use, and after a long rest, a call waits a little.
 */
export class FleetView {
  readonly #parts: FleetViewParts;
  readonly #refreshMs: number;
  readonly #ttlMs: number;
  readonly #waitMs: number;
  readonly #answerLimitMs: number;
  #known = new Map<string, KnownCircuit>();
  #tuning: CircuitSnapshot["tuning"] = new Map();
  #store: CircuitStore | undefined;
  #isStoreMade = false;
  #reading: Promise<void> | undefined;
  #readAtMs = -Infinity;
  #nextReadAtMs = -Infinity;
  /** Until then nothing has to be asked: the one comparison of the healthy path. */
  freshUntilMs = -Infinity;
  /** Grows whenever something is known anew. */
  version = 0;
  /** The store cannot be reached, or there is none. */
  isLost = false;
  /** Told after each read. */
  onRead: (() => void) | undefined;

  constructor(parts: FleetViewParts) {
    const { refreshMs = 1_000, ttlMs = 5_000, waitMs = 300, answerLimitMs = 3_000 } = parts;
    this.#parts = parts;
    this.#refreshMs = refreshMs;
    this.#ttlMs = ttlMs;
    this.#waitMs = waitMs;
    this.#answerLimitMs = answerLimitMs;
  }

  get hasStore(): boolean {
    return this.#storeNow() !== undefined;
  }

  circuit(name: string): KnownCircuit | undefined {
    return this.#known.get(name);
  }

  tuning(name: string): CircuitTuning | undefined {
    return this.#tuning.get(name);
  }

  /**
   * Asks the store where it is time to. What comes back is to be waited for before a call is made: where what is known is
   * too old, or where `isUrgent` says that what is known may well be out of date.
   */
  touch(nowMs: number, isUrgent = false): Promise<void> | undefined {
    if (nowMs < this.freshUntilMs) return undefined;
    const store = this.#storeNow();
    if (store === undefined) {
      this.isLost = true;
      this.freshUntilMs = Infinity;
      return undefined;
    }
    if (this.#reading === undefined && nowMs >= this.#nextReadAtMs) this.#reading = this.#read(store, nowMs);
    const isKnown = !isUrgent && nowMs - this.#readAtMs <= this.#ttlMs;
    if (this.#reading === undefined || this.isLost || isKnown) return undefined;
    return this.wait(this.#reading, isUrgent);
  }

  /** Waits for an answer of the store, but not for long. */
  wait(answer: Promise<unknown>, isUrgent: boolean): Promise<void> {
    const limitMs = isUrgent ? this.#answerLimitMs : this.#waitMs;
    return timeLimit(answer, limitMs, this.#parts.clock).then(() => {}, () => {});
  }

  /** Tells the store what this isolate has seen; undefined where it cannot be told. */
  report(report: CircuitReport): Promise<ReportedCircuit | undefined> {
    return this.#ask(async (store) => {
      const reported = await store.report(report);
      this.#learn(reported.circuit);
      return reported;
    });
  }

  /** Begins a phase for the whole fleet, where nobody was faster; undefined where the store cannot be reached. */
  change(name: string, epoch: number, next: NextPhase, reason: string): Promise<ChangedCircuit | undefined> {
    return this.#ask(async (store) => {
      const changed = await store.change(name, epoch, next, reason);
      this.#learn(changed.circuit);
      return changed;
    });
  }

  #storeNow(): CircuitStore | undefined {
    if (!this.#isStoreMade) {
      this.#store = this.#parts.store();
      this.#isStoreMade = true;
    }
    return this.#store;
  }

  async #ask<Answer>(question: (store: CircuitStore) => Promise<Answer>): Promise<Answer | undefined> {
    const store = this.#storeNow();
    if (store === undefined) return undefined;
    try {
      return await timeLimit(question(store), this.#answerLimitMs, this.#parts.clock);
    } catch (error) {
      this.#lose(error);
      return undefined;
    }
  }

  async #read(store: CircuitStore, sentAtMs: number): Promise<void> {
    const { clock } = this.#parts;
    this.#nextReadAtMs = sentAtMs + this.#refreshMs;
    try {
      const { circuits, tuning } = await timeLimit(store.read(), this.#answerLimitMs, clock);
      this.#replace(circuits, sentAtMs);
      if (!isEqualTuning(tuning, this.#tuning)) this.#tuning = tuning;
      this.#readAtMs = sentAtMs;
      this.#find();
    } catch (error) {
      this.#lose(error);
    } finally {
      this.#reading = undefined;
      this.freshUntilMs = this.#nextReadAtMs;
    }
    this.onRead?.();
  }

  /** A read must not undo what an answer that came while it was under way has told. */
  #replace(circuits: readonly StoredCircuit[], sentAtMs: number): void {
    const known = new Map(circuits.map((circuit) => [circuit.name, this.#toKnown(circuit)]));
    for (const before of this.#known.values()) {
      if (before.learnedAtMs <= sentAtMs) continue;
      if (before.epoch > (known.get(before.name)?.epoch ?? 0)) known.set(before.name, before);
    }
    this.#known = known;
    this.version++;
  }

  #learn(circuit: StoredCircuit): void {
    const before = this.#known.get(circuit.name);
    if (before !== undefined && before.epoch > circuit.epoch) return;
    this.#known.set(circuit.name, this.#toKnown(circuit));
    this.version++;
  }

  #toKnown(circuit: StoredCircuit): KnownCircuit {
    const nowMs = this.#parts.clock.monotonic();
    return { ...circuit, phase: begun(circuit.phase, nowMs), learnedAtMs: nowMs };
  }

  #lose(error: unknown): void {
    if (!this.isLost) {
      this.#parts.log.warn("Circuits cannot be shared; this isolate decides alone", { error: String(error) });
      this.version++;
    }
    this.isLost = true;
  }

  #find(): void {
    if (this.isLost) this.#parts.log.info("Circuits are shared again");
    this.isLost = false;
  }
}

/** What has not changed stays the same object: circuits tell by that. */
function isEqualTuning(one: CircuitSnapshot["tuning"], other: CircuitSnapshot["tuning"]): boolean {
  return one.size === other.size && JSON.stringify([...one]) === JSON.stringify([...other]);
}
