import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly name: string;
  readonly pending: number;
  readonly given_up: number;
  readonly code: string | null;
  readonly is_off: boolean;
}

/** Sinks that do not take what they are told; the others tell of it. */
export const failingSinks: AlertCondition = {
  name: "alert_sink",
  async find(sql, { thresholds: { sinkTries }, sinks }) {
    if (sinks.length === 0) return [];
    const rows = await sql<Row>`
      select sink.name, coalesce(told.pending, 0)::integer as pending, coalesce(told.given_up, 0)::integer as given_up,
        coalesce(sink.disabled_reason, sink.last_error_code) as code, sink.disabled_at is not null as is_off
      from resilience.alert_sinks sink
      left join lateral (
        select count(*) filter (where delivery.given_up_at is null and delivery.attempts >= ${sinkTries}::integer) as pending,
          count(*) filter (where delivery.given_up_at > clock_timestamp() - interval '1 day') as given_up
        from resilience.alert_deliveries delivery
        where delivery.sink = sink.name and delivery.delivered_at is null
          and (delivery.given_up_at is null or delivery.given_up_at > clock_timestamp() - interval '1 day')
      ) told on true
      where sink.name = any (${sinks}::text[]) and (sink.disabled_at is not null or told.pending > 0
        -- What it took since then proves that it is back.
        or told.given_up > 0 and sink.last_failed_at > coalesce(sink.last_delivered_at, '-infinity'))
      order by sink.name`;
    return rows.map(({ name, pending, given_up, code, is_off }) => ({
      key: `alert_sink:${name}`,
      severity: "error",
      title: is_off ? `Alerts no longer go to "${name}": it wants no more` : `Alerts do not reach "${name}"`,
      detail: { code, pending, givenUp: given_up },
      ref: `sink:${name}`,
    }));
  },
};
