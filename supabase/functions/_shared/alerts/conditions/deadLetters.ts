import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly table: string;
  readonly recent: number;
  readonly codes: string[];
}

/** Tables whose writes are given up at a rate, and are open. Many of one kind have one cause, so the codes come along. */
export const deadLetters: AlertCondition = {
  name: "dead_letters",
  async find(sql, { thresholds }) {
    const rows = await sql<Row>`
      select letter.table_schema || '.' || letter.table_name as "table", count(*)::integer as recent,
        (array_agg(distinct letter.error_code))[:5] as codes
      from resilience.dead_letters letter
      where letter.outcome is null and letter.died_at > clock_timestamp() - interval '15 minutes'
      group by 1 having count(*) >= ${thresholds.deadLetters}::integer
      order by 2 desc, 1 limit 51`;
    return rows.map(({ table, recent, codes }) => ({
      key: `dead_letters:${table}`,
      severity: recent >= 10 * thresholds.deadLetters ? "error" : "warning",
      title: `${recent} writes to ${table} were given up within 15 minutes`,
      detail: { recent, codes },
    }));
  },
};
