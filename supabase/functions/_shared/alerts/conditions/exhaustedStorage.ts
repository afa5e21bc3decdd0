import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly cause: "sqlstate:53100" | "sqlstate:25006";
  readonly seen: number;
  readonly isolates: number;
}

/**
 * The disk is full, or the database takes no writes any more, as it does then. Alerts live in that database: while it takes no
 * writes at all this one cannot be kept either, and the watchdog outside says so.
 */
export const exhaustedStorage: AlertCondition = {
  name: "storage",
  async find(sql, { thresholds: { eventMinutes } }) {
    const rows = await sql<Row>`
      select event.cause, sum(event.occurrences)::integer as seen, count(distinct event.isolate)::integer as isolates
      from resilience.kernel_events event
      where event.happened_at > clock_timestamp() - make_interval(secs => 60 * ${eventMinutes}::double precision)
        and event.cause in ('sqlstate:53100', 'sqlstate:25006')
      group by event.cause order by event.cause desc`;
    return rows.map(({ cause, seen, isolates }) => ({
      key: cause === "sqlstate:53100" ? "storage:full" : "storage:read_only",
      severity: "critical",
      title: cause === "sqlstate:53100" ? "The database's disk is full" : "The database takes no writes",
      detail: { seen, isolates },
      ref: cause,
    }));
  },
};
