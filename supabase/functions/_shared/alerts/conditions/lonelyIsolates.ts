import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly isolate: string;
  readonly circuits: string[];
}

/** Isolates that fail at several dependencies which others reach at the same time: the isolate is ill, not the dependencies. */
export const lonelyIsolates: AlertCondition = {
  name: "isolate_alone",
  async find(sql) {
    const rows = await sql<Row>`
      select report.isolate, (array_agg(report.circuit order by report.circuit))[:10] as circuits
      from resilience.circuit_reports report
      where report.is_doubtful and report.failures > 0 and report.until_at > clock_timestamp()
        and exists (select from resilience.circuit_reports other
          where other.circuit = report.circuit and other.isolate <> report.isolate
            and other.until_at > clock_timestamp() and other.failures * 2 < other.calls)
      group by report.isolate order by count(*) desc, 1 limit 51`;
    return rows.map(({ isolate, circuits }) => ({
      key: `isolate_alone:${isolate}`,
      severity: "warning",
      title: `An isolate fails alone at what others reach: ${circuits.slice(0, 3).join(", ")}`,
      detail: { isolate, circuits },
      ref: `isolate:${isolate}`,
    }));
  },
};
