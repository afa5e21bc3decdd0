import { begun, type CircuitPhase, type NextPhase } from "../../supabase/functions/_shared/breaker/circuitPhase.ts";
import type {
  CircuitReport,
  CircuitSnapshot,
  CircuitStore,
  StoredCircuit,
} from "../../supabase/functions/_shared/breaker/circuitStore.ts";
import type { CircuitTuning } from "../../supabase/functions/_shared/breaker/circuitOptions.ts";

interface Row {
  epoch: number;
  phase: CircuitPhase;
  reason: string | undefined;
  override: StoredCircuit["override"];
}

/** A store for tests of isolates that run in one process, with a clock of its own. */
export class MemoryCircuitStore implements CircuitStore {
  readonly rows = new Map<string, Row>();
  readonly reports = new Map<string, Map<string, CircuitReport & { readonly untilMs: number }>>();
  readonly tuning = new Map<string, CircuitTuning>();
  readonly calls = { read: 0, report: 0, change: 0, override: 0 };
  /** Every change of a phase, in order. */
  readonly history: { readonly name: string; readonly next: NextPhase; readonly reason: string }[] = [];
  /** Stands between a call and its answer: a test lets it wait, or throws. */
  reach: () => Promise<void> = () => Promise.resolve();

  constructor(readonly nowMs: () => number) {}

  async read(): Promise<CircuitSnapshot> {
    this.calls.read++;
    await this.reach();
    const names = new Set([...this.rows.keys(), ...this.reports.keys()]);
    return { circuits: [...names].map((name) => this.#stored(name)), tuning: new Map(this.tuning) };
  }

  async report(report: CircuitReport) {
    this.calls.report++;
    await this.reach();
    const all = this.reports.get(report.name) ?? new Map();
    this.reports.set(report.name, all.set(report.isolate, { ...report, untilMs: this.nowMs() + report.lastsMs }));
    return { circuit: this.#stored(report.name), votes: this.#votes(report.name) };
  }

  async change(name: string, epoch: number, next: NextPhase, reason: string) {
    this.calls.change++;
    await this.reach();
    const row = this.#row(name);
    if (row.epoch !== epoch) return { isChanged: false, circuit: this.#stored(name) };
    this.rows.set(name, { ...row, epoch: epoch + 1, phase: begun(next, this.nowMs()), reason });
    this.history.push({ name, next, reason });
    return { isChanged: true, circuit: this.#stored(name) };
  }

  async override(name: string, to: "open" | "closed" | undefined, reason: string) {
    this.calls.override++;
    await this.reach();
    this.rows.set(name, { ...this.#row(name), override: to && { to, reason } });
    return this.#stored(name);
  }

  /** The phase of now. */
  phase(name: string): CircuitPhase {
    return this.#row(name).phase;
  }

  #row(name: string): Row {
    return this.rows.get(name) ?? { epoch: 0, phase: { kind: "closed" }, reason: undefined, override: undefined };
  }

  #votes(name: string) {
    return [...this.reports.get(name)?.values() ?? []].filter(({ untilMs }) => untilMs > this.nowMs());
  }

  #stored(name: string): StoredCircuit {
    const { epoch, phase, reason, override } = this.#row(name);
    const next: NextPhase = phase.kind === "closed" ? phase : { ...phase, lastsMs: phase.untilMs - this.nowMs() };
    const suspects = this.#votes(name).filter(({ failures }) => failures > 0).length;
    return { name, epoch, phase: next, reason, override, suspects };
  }
}
