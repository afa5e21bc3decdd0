import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly queue: string;
  readonly recent: number;
}

/** Queues whose messages are given up at a rate. */
export const deadMessages: AlertCondition = {
  name: "dead_messages",
  async find(sql, { thresholds }) {
    const rows = await sql<Row>`
      select letter.queue, count(*)::integer as recent from resilience.queue_dead_letters letter
      where letter.died_at > clock_timestamp() - interval '15 minutes'
      group by 1 having count(*) >= ${thresholds.deadLetters}::integer
      order by 2 desc, 1 limit 51`;
    return rows.map(({ queue, recent }) => ({
      key: `dead_messages:${queue}`,
      severity: recent >= 10 * thresholds.deadLetters ? "error" : "warning",
      title: `${recent} messages of queue "${queue}" were given up within 15 minutes`,
      detail: { recent },
    }));
  },
};
