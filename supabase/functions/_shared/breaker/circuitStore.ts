import type { NextPhase } from "./circuitPhase.ts";
import type { CircuitTuning } from "./circuitOptions.ts";

/** A circuit as the store has it: whole phases, and how much of them is left at the moment of the answer. */
export interface StoredCircuit {
  readonly name: string;
  /** Counts changes of the phase: who changes it says which one they have seen. Zero: the store has never heard of it. */
  readonly epoch: number;
  /** `lastsMs` is what is left of it, below zero once its time is up. */
  readonly phase: NextPhase;
  readonly reason?: string | undefined;
  /** What a person has decided for all isolates, for as long as it stands. */
  readonly override?: { readonly to: "open" | "closed"; readonly reason: string } | undefined;
  /** How many isolates have told of failures lately. */
  readonly suspects: number;
}

/** What an isolate has seen of a dependency, in its rolling window or since the phase began. */
export interface CircuitReport {
  readonly name: string;
  readonly isolate: string;
  /** Which phase it is about. */
  readonly epoch: number;
  readonly calls: number;
  readonly failures: number;
  /** It fails elsewhere too, so that its own word counts for nothing. */
  readonly isDoubtful: boolean;
  /** For how long it counts. */
  readonly lastsMs: number;
}

/** One isolate's word, as the others see it. */
export type CircuitVote = Pick<CircuitReport, "isolate" | "epoch" | "calls" | "failures" | "isDoubtful">;

/** A circuit and what isolates have told of it. */
export interface ReportedCircuit {
  readonly circuit: StoredCircuit;
  readonly votes: readonly CircuitVote[];
}

/** All that an isolate has to know, in one answer. */
export interface CircuitSnapshot {
  /** Those that are not just closed: opened, overridden or suspected. */
  readonly circuits: readonly StoredCircuit[];
  /** Options that operators have set, by the circuit's name. */
  readonly tuning: ReadonlyMap<string, CircuitTuning>;
}

/** What came of an attempt to change a circuit. */
export interface ChangedCircuit {
  /** False: somebody was faster. */
  readonly isChanged: boolean;
  /** As it stands now. */
  readonly circuit: StoredCircuit;
}

/**
 * What the isolates of a fleet share about their circuits. It counts time by its own clock. Each method is one round trip;
 * none is called while all is well but `read`, at most once a second.
 */
export interface CircuitStore {
  read(): Promise<CircuitSnapshot>;
  /** Puts the isolate's word in the place of its last one, and brings everybody's, this one's included. */
  report(report: CircuitReport): Promise<ReportedCircuit>;
  /** Begins a phase, if the circuit is still where `epoch` says. */
  change(name: string, epoch: number, next: NextPhase, reason: string): Promise<ChangedCircuit>;
  /** Sets or takes back what a person has decided. */
  override(name: string, to: "open" | "closed" | undefined, reason: string): Promise<StoredCircuit>;
}

/** The circuit that the store has never heard of. */
export function unheardOf(name: string): StoredCircuit {
  return { name, epoch: 0, phase: { kind: "closed" }, suspects: 0 };
}
