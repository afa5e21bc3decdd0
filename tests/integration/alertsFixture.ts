import type { AlertNotice, AlertSeverity } from "../../supabase/functions/_shared/alerts/alert.ts";
import { AlertSinkError, type ConfiguredSink } from "../../supabase/functions/_shared/alerts/alertSink.ts";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import {
  dispatchAlerts,
  type DispatchProgress,
  readDispatchProgress,
} from "../../supabase/functions/_domains/ops/dispatchAlerts.ts";
import type { DispatchPorts } from "../../supabase/functions/_domains/ops/alerts/dispatchPorts.ts";
import type { JobChunk } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { runLeasedJob } from "../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { postgresJobStore } from "../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { addSchedule, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

/** A sink that keeps what it is told, and answers as the test says. */
export class RecordingSink {
  readonly told: AlertNotice[] = [];
  /** A status that it answers with; undefined: it takes it. */
  status: number | undefined;
  /** Runs before it answers. */
  before: (notice: AlertNotice) => Promise<void> | void = () => {};

  constructor(readonly name: string, readonly least: AlertSeverity = "info") {}

  get configured(): ConfiguredSink {
    const { name, least } = this;
    const deliver = async (notice: AlertNotice) => {
      await this.before(notice);
      if (this.status !== undefined) throw new AlertSinkError(`http_${this.status}`, { status: this.status });
      this.told.push(notice);
    };
    return { sink: { name, deliver }, least, target: `https://${name}.example` };
  }

  /** What it was told, in its order. */
  get kinds(): string[] {
    return this.told.map(({ kind, alert }) => `${kind} ${alert.key} ${alert.severity}`);
  }
}

export const quietLog = { debug() {}, info() {}, warn() {}, error() {}, with: () => quietLog } as never;

/** A database with alerts-dispatch on its schedule, and nothing found unless the test says so. */
export async function alertsDatabase(payload: Record<string, unknown> = {}, connections = 4): Promise<JobDatabase> {
  const database = await jobDatabase({ connections });
  await addSchedule(database.sql, "alerts-dispatch");
  await database.sql`update resilience.job_schedules set payload = ${database.sql.json(payload as never)}`;
  return database;
}

const deadline = { signal: new AbortController().signal, remainingMs: () => 60_000, shouldYield: () => false };

/** One wake-up of alerts-dispatch. */
export async function dispatch(
  database: Pick<JobDatabase, "admin">,
  sinks: readonly RecordingSink[],
  options: Partial<DispatchPorts> & {
    readonly work?: (
      chunk: JobChunk<DispatchProgress>,
      go: () => ReturnType<typeof dispatchAlerts>,
    ) => ReturnType<typeof dispatchAlerts>;
  } = {},
) {
  const { work = (_chunk, go) => go(), ...given } = options;
  const ports: DispatchPorts = {
    conditions: [],
    sinks: sinks.map(({ configured }) => configured),
    breakers: new CircuitRegistry(),
    random: seededRandom(7),
    aiProjectMicroUsd: undefined,
    ...given,
  };
  const context = { admin: database.admin, clock: systemClock, log: quietLog };
  return await runLeasedJob({
    store: postgresJobStore(database.admin.sql),
    job: "alerts-dispatch",
    deadline,
    readProgress: readDispatchProgress,
    work: (chunk: JobChunk<DispatchProgress>) => work(chunk, () => dispatchAlerts(chunk, context, ports)),
  });
}

/** Raises an alert as any transaction would. */
export async function raise({ sql }: JobDatabase, key: string, severity: AlertSeverity = "error", more: {
  readonly quietSeconds?: number;
  readonly ref?: string;
} = {}): Promise<string | null> {
  const { quietSeconds = null, ref = null } = more;
  const [row] = await sql`
    select resilience.raise_alert(${key}, ${severity}, ${
    "It is " + severity
  }, '{"n": 1}', ${ref}, ${quietSeconds}) as id`;
  return row!.id;
}

/** Lets time pass for what waits: notices that are held, deliveries that are due later, leases. */
export async function passMinutes({ sql }: JobDatabase, minutes: number): Promise<void> {
  const by = `${minutes} minutes`;
  await sql`update resilience.alert_notices set due_at = due_at - ${by}::interval, created_at = created_at - ${by}::interval,
    fanned_out_at = fanned_out_at - ${by}::interval`;
  await sql`update resilience.alert_deliveries set next_try_at = next_try_at - ${by}::interval,
    lease_until = lease_until - ${by}::interval, created_at = created_at - ${by}::interval`;
  await sql`update resilience.alerts set first_raised_at = first_raised_at - ${by}::interval,
    last_raised_at = last_raised_at - ${by}::interval`;
  await sql`update resilience.alert_silences set from_at = from_at - ${by}::interval,
    until_at = until_at - ${by}::interval`;
}

/** All alerts, as `key episode state severity occurrences`. */
export async function alerts({ sql }: JobDatabase): Promise<string[]> {
  const rows =
    await sql`select key, episode, state, severity, occurrences from resilience.alerts order by key, episode`;
  return rows.map((row) => `${row.key} ${row.episode} ${row.state} ${row.severity} ${row.occurrences}`);
}
