import postgres from "postgres";
import { type Clock, systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { type JobSchedule, keepSchedules } from "./scheduleKeeper.ts";
import { wakeUp } from "./wakeUp.ts";

/** Options of {@link startScheduler}. */
export interface SchedulerOptions {
  readonly dbUrl: string;
  readonly gatewayUrl: string;
  readonly secretKey: string;
  /** @default nothing is told */
  readonly onLog?: (line: string) => void;
  /** @default systemClock */
  readonly clock?: Clock;
  /** How often the schedules are read again. @default 2000 */
  readonly pollMs?: number;
}

/** What pg_cron and pg_net do for a hosted project: wakes the functions named in `resilience.job_schedules`. */
export async function startScheduler(
  { dbUrl, gatewayUrl, secretKey, onLog = () => {}, clock = systemClock, pollMs = 2000 }: SchedulerOptions,
): Promise<{ stop(): Promise<void> }> {
  const sql = postgres(dbUrl, { max: 1, connect_timeout: 5, onnotice: () => {}, fetch_types: false });
  const stopping = new AbortController();
  const keeper = await keepSchedules({
    clock,
    onLog,
    pollMs,
    readSchedules: () =>
      sql<JobSchedule[]>`
        select name, cron, function_name as "functionName" from resilience.job_schedules where is_enabled`,
    async wake(wake) {
      try {
        const status = await wakeUp(wake, { gatewayUrl, secretKey, clock, signal: stopping.signal });
        onLog(`Woke '${wake.functionName}' for the job '${wake.job}': ${status}`);
      } catch (error) {
        if (!stopping.signal.aborted) onLog(`Cannot wake the job '${wake.job}': ${error}`);
      }
    },
  });
  return {
    async stop() {
      stopping.abort();
      await keeper.stop();
      await sql.end({ timeout: 1 });
    },
  };
}
