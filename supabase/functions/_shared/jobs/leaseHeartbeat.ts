import type { Clock } from "../time/clock.ts";
import type { JobStore, LeasedRun } from "./jobStore.ts";
import { LeaseLostError } from "./leaseLostError.ts";

/** Keeps a run's lease alive while a chunk works. */
export interface LeaseHeartbeat {
  /** Aborts with a {@link LeaseLostError} once the lease is lost, or can no longer be known to be held. */
  readonly signal: AbortSignal;
  /** Saves the cursor and renews; throws a {@link LeaseLostError} where the lease was lost. */
  renew(options?: Parameters<JobStore["renew"]>[1]): Promise<void>;
  /** Ends the beat, and waits for the one that is on its way. */
  stop(): Promise<void>;
}

/**
 * Renews the lease each third of it. While the database cannot be reached the runner goes on until the lease, counted from
 * the last renewal that was confirmed, would have run out, and then stops itself: somebody else may have taken over.
 */
export function startLeaseHeartbeat(
  { store, run, clock, startedAt = clock.monotonic() }: {
    store: JobStore;
    run: LeasedRun;
    clock: Clock;
    /** When the claim was sent, on the monotonic clock: the lease cannot end before that plus its length. */
    startedAt?: number;
  },
): LeaseHeartbeat {
  const controller = new AbortController();
  let confirmedAt = startedAt;
  let isStopped = false;
  let inFlight: Promise<void> = Promise.resolve();
  let cancel = () => {};

  const lose = (cause?: unknown) => {
    const error = new LeaseLostError(run, cause === undefined ? undefined : { cause });
    if (!isStopped) controller.abort(error);
    return error;
  };
  const renew: LeaseHeartbeat["renew"] = async (options) => {
    const sentAt = clock.monotonic();
    if (!(await store.renew(run, options))) throw lose();
    confirmedAt = sentAt;
  };
  const beat = async () => {
    try {
      await renew();
    } catch (error) {
      // One missed beat costs nothing; what counts is the time since the last one that arrived.
      if (clock.monotonic() - confirmedAt >= run.leaseMs) lose(error);
    }
    schedule();
  };
  const schedule = () => {
    if (isStopped || controller.signal.aborted) return;
    cancel = clock.setTimer(() => {
      inFlight = beat();
    }, run.leaseMs / 3);
  };
  schedule();
  return {
    signal: controller.signal,
    renew,
    stop() {
      isStopped = true;
      cancel();
      return inFlight;
    },
  };
}
