import type { Clock } from "../../supabase/functions/_shared/time/clock.ts";
import { nextSlot } from "./nextSlot.ts";
import type { WakeUp } from "./wakeUp.ts";

/** An enabled row of `resilience.job_schedules`. */
export interface JobSchedule {
  readonly name: string;
  readonly cron: string;
  readonly functionName: string;
}

/** Options of {@link keepSchedules}. */
export interface ScheduleKeeperOptions {
  readonly readSchedules: () => Promise<readonly JobSchedule[]>;
  readonly wake: (wakeUp: WakeUp) => Promise<void>;
  readonly clock: Clock;
  readonly onLog: (line: string) => void;
  /** @default 2000 */
  readonly pollMs?: number;
}

interface Armed extends JobSchedule {
  cancel: () => void;
}

/** Timers reach 24.8 days; one that is set again each hour also notices that the wall clock was moved. */
const longestTimerMs = 3_600_000;

/**
 * Keeps a timer for each schedule, and reads the schedules again every few seconds. Knows nothing of overlaps: the lease of
 * a run decides who works. A slot that passed while the machine slept is made up for once.
 */
export async function keepSchedules(
  { readSchedules, wake, clock, onLog, pollMs = 2000 }: ScheduleKeeperOptions,
): Promise<{ stop(): Promise<void> }> {
  const armed = new Map<string, Armed>();
  const inFlight = new Set<Promise<void>>();
  let isStopped = false;
  let cancelPoll = () => {};
  let lastFailure = "";

  const track = (work: Promise<void>) => {
    const tracked = work.catch((error) => onLog(String(error?.message ?? error))).finally(() =>
      inFlight.delete(tracked)
    );
    inFlight.add(tracked);
    return tracked;
  };
  const arm = (entry: Armed, afterMs: number) => {
    const slotMs = nextSlot(entry.cron, afterMs);
    if (slotMs === undefined) return onLog(`Job '${entry.name}' never comes due: ${entry.cron}`);
    const waitForSlot = () => {
      entry.cancel = clock.setTimer(() => {
        if (isStopped) return;
        if (clock.now() < slotMs) return waitForSlot();
        track(wake({ job: entry.name, functionName: entry.functionName, slotMs }));
        arm(entry, Math.max(slotMs, clock.now()));
      }, Math.min(Math.max(slotMs - clock.now(), 1), longestTimerMs));
    };
    waitForSlot();
  };
  const apply = (schedules: readonly JobSchedule[]) => {
    const wanted = new Map(schedules.map((schedule) => [schedule.name, schedule]));
    for (const [name, entry] of armed) {
      const next = wanted.get(name);
      if (next?.cron === entry.cron && next.functionName === entry.functionName) {
        wanted.delete(name);
      } else {
        entry.cancel();
        armed.delete(name);
      }
    }
    for (const schedule of wanted.values()) {
      const entry: Armed = { ...schedule, cancel: () => {} };
      armed.set(schedule.name, entry);
      try {
        arm(entry, clock.now());
      } catch (error) {
        onLog(`Cannot schedule the job '${schedule.name}' as '${schedule.cron}' is not understood: ${error}`);
      }
    }
  };
  const poll = async () => {
    try {
      const schedules = await readSchedules();
      if (!isStopped) apply(schedules);
      lastFailure = "";
    } catch (error) {
      // The schedules known so far stay armed. The same failure is told once, not every two seconds.
      const failure = String((error as Error)?.message ?? error);
      if (failure !== lastFailure) onLog(`Cannot read the job schedules: ${failure}`);
      lastFailure = failure;
    }
    if (!isStopped) cancelPoll = clock.setTimer(() => void track(poll()), pollMs);
  };

  await track(poll());
  return {
    async stop() {
      isStopped = true;
      cancelPoll();
      for (const entry of armed.values()) entry.cancel();
      armed.clear();
      await Promise.all(inFlight);
    },
  };
}
