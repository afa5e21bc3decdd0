import { errorText } from "../errors/errorText.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { timeLimit } from "../time/timeLimit.ts";
import { checkNumber, checkShare, checkWhole } from "./checkOption.ts";
import type { RetryBudget, RetryBudgetStore } from "./retryBudget.ts";

/** Options of {@link openRetryBudget}. */
export interface RetryBudgetOptions {
  /** Names the budget over the fleet: one for each dependency. @default "default" */
  readonly name?: string;
  /** Retries that a call earns. @default 0.1 */
  readonly earnedShare?: number;
  /** Retries that this isolate may have saved up. @default 1 */
  readonly maxSaved?: number;
  /** The fleet's reserve. @default none: only what was earned is spent */
  readonly store?: RetryBudgetStore;
  /** Retries that the reserve holds at most. @default 10 */
  readonly reserve?: number;
  /** Retries that a failed call earns for the reserve. @default 0.02 */
  readonly reserveShare?: number;
  /** In what time an empty reserve fills up by itself. @default 3_600_000 */
  readonly refillMs?: number;
  /** Retries leased at once. @default 2 */
  readonly block?: number;
  /** How long a lease may take before this isolate goes without. @default 1_000 */
  readonly leaseTimeoutMs?: number;
  /** How long nothing is asked for after the reserve was empty. @default 1_000 */
  readonly emptyPauseMs?: number;
  /** How long nothing is asked for after the store could not be reached. @default 5_000 */
  readonly storePauseMs?: number;
  /** Hears when the store is lost, and when it is back. @default nobody */
  readonly log?: Pick<Logger, "warn" | "info">;
  /** Keeps a lease alive that nobody waits for any more. @default denoPlatform.waitUntil */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** @default systemClock */
  readonly clock?: Clock;
}

const action = "open a retry budget";

/**
 * A budget for the retries of one dependency. An isolate earns a share of its own calls, and may draw on a small reserve
 * that the fleet shares. Nothing is asked of the store while all is well: only once a retry is wanted beyond what was
 * earned. Without the store, or once it is lost, an isolate has what it has earned.
 *
 * @example
 * ```ts
 * const budget = openRetryBudget({ name: "payments" });
 * const again = retry({ budget });
 * ```
 */
export function openRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const {
    name = "default",
    earnedShare = 0.1,
    maxSaved = 1,
    store,
    reserve = 10,
    reserveShare = 0.02,
    refillMs = 3_600_000,
    block = 2,
    leaseTimeoutMs = 1_000,
    emptyPauseMs = 1_000,
    storePauseMs = 5_000,
    log,
    waitUntil = denoPlatform.waitUntil,
    clock = systemClock,
  } = options;
  if (name === "") throw new RangeError(`Cannot ${action} as 'name' must not be empty: current value is ""`);
  checkShare(action, { earnedShare, reserveShare });
  checkWhole(action, { reserve, block, refillMs, maxSaved }, 1);
  checkNumber(action, { leaseTimeoutMs, emptyPauseMs, storePauseMs }, 0);

  let saved = 0;
  /** Leased of the reserve. */
  let leased = 0;
  let reserveEarned = 0;
  let quietUntilMs = -Infinity;
  let isStoreLost = false;
  let leasing: Promise<void> | undefined;

  function take(): boolean {
    if (saved > 0.999_999) saved = Math.max(0, saved - 1); // Ten tenths fall a little short of one.
    else if (leased >= 1) leased--;
    else return false;
    return true;
  }

  async function ask(from: RetryBudgetStore): Promise<void> {
    const earned = reserveEarned;
    reserveEarned = 0;
    try {
      const asked = from.lease({ budget: name, reserve, refillMs, earned, wanted: block });
      const { granted } = await timeLimit(asked, leaseTimeoutMs, clock);
      leased += granted;
      if (granted < block) quietUntilMs = clock.monotonic() + emptyPauseMs;
      if (isStoreLost) tell(() => log?.info("Retries draw on the fleet's reserve again", { budget: name }));
      isStoreLost = false;
    } catch (error) {
      reserveEarned = Math.min(reserve, reserveEarned + earned);
      quietUntilMs = clock.monotonic() + storePauseMs;
      const message = "Retries are those that this isolate earns as the store is gone";
      if (!isStoreLost) tell(() => log?.warn(message, { budget: name, error: errorText(error) }));
      isStoreLost = true;
    } finally {
      leasing = undefined;
    }
  }

  return {
    earn() {
      if (saved < maxSaved) saved = Math.min(maxSaved, saved + earnedShare);
    },
    spend() {
      reserveEarned = Math.min(reserve, reserveEarned + reserveShare);
      if (take()) return true;
      if (store === undefined || clock.monotonic() < quietUntilMs) return false;
      if (leasing === undefined) waitUntil(leasing = ask(store));
      return leasing.then(take);
    },
  };
}

/** Whoever looks on cannot break what is looked at. */
function tell(log: () => void): void {
  try {
    log();
  } catch {
    // There is nobody to tell.
  }
}
