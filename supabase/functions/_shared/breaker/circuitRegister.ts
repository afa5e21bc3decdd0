/** One isolate's word on a circuit. */
export interface RegisteredVote {
  readonly isolate: string;
  readonly calls: number;
  readonly failures: number;
  readonly isDoubtful: boolean;
  /** Told of a phase that is over. */
  readonly isOld: boolean;
  readonly reportedAt: string;
}

/** A circuit as a person wants to see it. */
export interface RegisteredCircuit {
  readonly name: string;
  readonly state: "closed" | "open" | "half-open" | "ramping";
  /** The share of calls that goes through; an override counts. */
  readonly share: number;
  readonly epoch: number;
  readonly trips: number;
  readonly reason: string | null;
  readonly changedAt: string | null;
  /** How long the phase still lasts, where it ends. */
  readonly remainingMs: number | null;
  /** The isolate that probes. */
  readonly probedBy: string | null;
  readonly override: { readonly to: "open" | "closed"; readonly reason: string } | null;
  readonly votes: RegisteredVote[];
}

/** What a circuit became. */
export interface CircuitChange {
  readonly changedAt: string;
  readonly changedBy: string;
  readonly epoch: number;
  readonly state: RegisteredCircuit["state"];
  readonly trips: number;
  readonly reason: string | null;
  readonly override: RegisteredCircuit["override"];
  readonly votes: Pick<RegisteredVote, "isolate" | "calls" | "failures" | "isDoubtful">[];
}

/** The circuits of the fleet, as operators see and override them. */
export interface CircuitRegister {
  /** All that were ever in trouble or are suspected, or the one of that name. */
  list(name?: string): Promise<RegisteredCircuit[]>;
  /** The latest first. */
  history(name: string, limit: number): Promise<CircuitChange[]>;
  override(name: string, to: "open" | "closed" | undefined, note: OverrideNote): Promise<RegisteredCircuit>;
}

/** Who overrides, and why. */
export interface OverrideNote {
  readonly changedBy: string;
  readonly reason: string;
}
