/** What was measured of some operation. */
export interface OperationMetrics {
  /** Empty where the operation was not part of a request, or where all functions are meant. */
  readonly functionName: string;
  readonly operation: string;
  readonly count: number;
  readonly failures: number;
  readonly avgMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** The suite in a few numbers; null where there was nothing to measure. Durations are averages in milliseconds. */
export interface NamedMetrics {
  /** Operations `db.insert`. */
  readonly avgInsertDuration: number | null;
  /** Operations `db.update`. */
  readonly avgUpdateDuration: number | null;
  /** Operations `db.select`. */
  readonly avgSelectDuration: number | null;
  /** Operations `heal`: the share of writes with something to heal that landed. */
  readonly healingSuccessRate: number | null;
  /** Operations `heal`. */
  readonly avgHealingDuration: number | null;
  /** Counters `heal.deterministic` and `heal.ai`: the share of the former. */
  readonly deterministicFixRate: number | null;
  /** The share of the latter. */
  readonly aiFixRate: number | null;
  /** `resilience.circuit_changes`: circuits that opened, for the fleet, each time once. */
  readonly circuitBreakerTrips: number;
  /** Counter `fallback.used` by `policy.calls`, or by all `circuit.<name>.calls` where no policy was called. */
  readonly fallbackUsageRate: number | null;
  /** `resilience.schema_changes`. */
  readonly schemaChangesDetected: number;
  /** Counters `cache.<name>.invalidated`. */
  readonly cacheInvalidations: number;
}

/** What the fleet did within a window. */
export interface Metrics extends NamedMetrics {
  readonly from: string;
  readonly to: string;
  /** The requests of each function, whatever their method. */
  readonly functions: readonly OperationMetrics[];
  /** Each operation over all functions. */
  readonly operations: readonly OperationMetrics[];
  /** Each operation of each function. */
  readonly series: readonly OperationMetrics[];
  readonly counters: Readonly<Record<string, number>>;
}
