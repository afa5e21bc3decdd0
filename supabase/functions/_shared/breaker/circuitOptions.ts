import { checkNumber, checkWhole } from "../policies/checkOption.ts";
import type { PhaseTimes } from "./circuitPhase.ts";

/** When a circuit opens, and for how long. Whatever is left out is taken from the store's tuning, then from the default. */
export interface CircuitOptions {
  /** So many calls must have been made within the window before it opens. @default 5 */
  readonly failureThreshold?: number;
  /** The share of calls that must have failed, in percent: it opens above it. @default 50 */
  readonly errorThresholdPercentage?: number;
  /** How long a call may take, in milliseconds; false: as long as it likes. @default 10_000 */
  readonly timeout?: number | false;
  /** How long it stays open the first time, in milliseconds; each time after that twice as long. @default 30_000 */
  readonly resetTimeout?: number;
  /** It is never open for longer at once, in milliseconds. @default 300_000 */
  readonly maxResetTimeout?: number;
  /** As `failureThreshold`, by opossum's name; the larger of both counts. @default 0 */
  readonly volumeThreshold?: number;
  /** How far back calls count, in milliseconds. @default 10_000 */
  readonly rollingWindowMs?: number;
  /** A call that takes longer counts as a failure, whatever it brings. @default Infinity */
  readonly slowCallMs?: number;
  /** How many calls may be under way at once in one isolate. @default Infinity */
  readonly capacity?: number;
  /** How long each step of the way back takes, in milliseconds. @default 2_000 */
  readonly rampStepMs?: number;
  /** How many isolates must have failed before it opens for all of them. @default 2 */
  readonly quorum?: number;
  /** Does this outcome say that the dependency is ill? @default isDependencyFailure */
  readonly isFailure?: (outcome: Outcome) => boolean;
}

/** What a call came to. */
export type Outcome = { readonly error: unknown } | { readonly value: unknown };

/** What an operator, or the tuner, may set for a circuit in the store. */
export type CircuitTuning = Partial<Omit<CircuitOptions, "isFailure">>;

/** Options with all defaults filled in. */
export interface CircuitRules extends PhaseTimes {
  readonly minCalls: number;
  readonly errorShare: number;
  readonly timeoutMs: number | undefined;
  readonly rollingWindowMs: number;
  readonly slowCallMs: number;
  readonly capacity: number;
  readonly quorum: number;
}

/** A probe that nobody has told of is given up so long after its time was up. */
const leaseMarginMs = 1_000;

/** Fills in what is left out, and refuses what makes no sense. */
export function circuitRules(name: string, options: CircuitOptions, tuning: CircuitTuning = {}): CircuitRules {
  const {
    failureThreshold = 5,
    errorThresholdPercentage = 50,
    timeout = 10_000,
    resetTimeout = 30_000,
    maxResetTimeout = Math.max(300_000, resetTimeout),
    volumeThreshold = 0,
    rollingWindowMs = 10_000,
    slowCallMs = Infinity,
    capacity = Infinity,
    rampStepMs = 2_000,
    quorum = 2,
  } = { ...tuning, ...withoutUndefined(options) };
  const action = `make the circuit "${name}"`;
  checkWhole(action, { failureThreshold, quorum }, 1);
  checkNumber(action, { volumeThreshold }, 0);
  checkNumber(action, { resetTimeout, rampStepMs }, 1);
  checkNumber(action, { maxResetTimeout }, resetTimeout);
  checkNumber(action, { rollingWindowMs }, 10);
  if (timeout !== false && timeout !== Infinity) checkNumber(action, { timeout }, 1);
  if (slowCallMs !== Infinity) checkNumber(action, { slowCallMs }, 1);
  if (capacity !== Infinity) checkWhole(action, { capacity }, 1);
  if (!(errorThresholdPercentage >= 0 && errorThresholdPercentage < 100)) {
    throw new RangeError(
      `Cannot ${action} as 'errorThresholdPercentage' must be from 0 to below 100: current value is ${errorThresholdPercentage}`,
    );
  }
  return {
    minCalls: Math.max(failureThreshold, volumeThreshold),
    errorShare: errorThresholdPercentage / 100,
    timeoutMs: timeout === false || timeout === Infinity ? undefined : timeout,
    resetTimeoutMs: resetTimeout,
    maxResetTimeoutMs: maxResetTimeout,
    rollingWindowMs,
    slowCallMs,
    capacity,
    rampStepMs,
    quorum,
    probeLeaseMs: (timeout === false || timeout === Infinity ? 30_000 : timeout) + leaseMarginMs,
  };
}

function withoutUndefined(options: CircuitOptions): CircuitOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
