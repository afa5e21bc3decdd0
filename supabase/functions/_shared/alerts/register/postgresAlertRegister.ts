import type { SqlTag } from "../../db/database.ts";
import type { Alert, AlertSeverity } from "../alert.ts";
import { alertOfRow, isoMoment, isoMomentOrNull } from "../outbox/alertOfRow.ts";
import type { AlertDelivery, AlertRegister, Silence } from "./alertRegister.ts";

interface SilenceRow {
  readonly id: string;
  readonly key_prefix: string;
  readonly max_severity: AlertSeverity;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly created_by: string;
  readonly reason: string;
}

interface DeliveryRow extends Omit<AlertDelivery, "createdAt" | "at"> {
  readonly created_at: Date;
  readonly at: Date;
}

interface SinkRow {
  readonly name: string;
  readonly disabled_at: Date | null;
  readonly disabled_reason: string | null;
  readonly last_delivered_at: Date | null;
  readonly last_failed_at: Date | null;
  readonly last_error_code: string | null;
  readonly pending: number;
}

/** The register in `resilience.alerts` and the tables beside it. */
export function postgresAlertRegister(sql: SqlTag): AlertRegister {
  return {
    async list({ state = null, severity = "info", prefix = "", after }, limit) {
      const [moment, place] = after ?? [null, null];
      const rows = await sql<{ content: Alert; place: string }>`
        select resilience.alert_content(alert) as content, alert.first_raised_at::text as place
        from resilience.alerts alert
        where (${state}::text is null or alert.state = ${state}::text)
          and resilience.alert_rank(alert.severity) >= resilience.alert_rank(${severity})
          and starts_with(alert.key, ${prefix})
          and (${moment}::timestamptz is null or alert.first_raised_at < ${moment}::timestamptz
            or (alert.first_raised_at = ${moment}::timestamptz and alert.id > ${place}::uuid))
        order by alert.first_raised_at desc, alert.id limit ${limit + 1}::integer`;
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        alerts: page.map(({ content }) => alertOfRow(content)),
        next: rows.length > limit && last !== undefined ? [last.place, last.content.id] : null,
      };
    },

    async find(id) {
      const [row] = await sql<{ content: Alert }>`
        select resilience.alert_content(alert) as content from resilience.alerts alert where alert.id = ${id}::uuid`;
      return row === undefined ? undefined : alertOfRow(row.content);
    },

    async deliveries(id, limit) {
      const rows = await sql<DeliveryRow>`
        select delivery.id, notice.kind, delivery.sink, delivery.attempts, delivery.created_at,
          case when delivery.delivered_at is not null then 'delivered' when delivery.given_up_at is not null then 'given_up'
            else 'pending' end as state,
          coalesce(delivery.delivered_at, delivery.given_up_at, delivery.next_try_at) as at, delivery.last_error_code as code
        from resilience.alert_deliveries delivery
        join resilience.alert_notices notice on notice.id = delivery.notice_id
        where delivery.alert_id = ${id}::uuid
        order by delivery.notice_id desc, delivery.sink limit ${limit}::integer`;
      return rows.map(({ created_at, at, ...row }) => ({
        ...row,
        createdAt: isoMoment(created_at),
        at: isoMoment(at),
      }));
    },

    async judge(id, state, { by, note }) {
      const [row] = await sql<{ content: Alert | null }>`
        select case when judged.id is not null then resilience.alert_content(judged) end as content
        from resilience.judge_alert(${id}::uuid, ${state}, ${by}, ${note ?? null}::text) judged`;
      return row === undefined || row.content === null ? undefined : alertOfRow(row.content);
    },

    async silences() {
      const rows = await sql<SilenceRow>`
        select * from resilience.alert_silences where until_at > clock_timestamp() order by until_at, id limit 200`;
      return rows.map(silenceOf);
    },

    async silence({ prefix, maxSeverity, fromAt, untilAt, createdBy, reason }) {
      const [row] = await sql<SilenceRow>`
        insert into resilience.alert_silences (key_prefix, max_severity, from_at, until_at, created_by, reason)
        values (${prefix}, ${maxSeverity}, ${fromAt}::timestamptz, ${untilAt}::timestamptz, ${createdBy}, ${reason})
        returning *`;
      return silenceOf(row!);
    },

    async lift(id) {
      const [row] = await sql<SilenceRow>`
        delete from resilience.alert_silences where id = ${id}::uuid returning *`;
      return row === undefined ? undefined : silenceOf(row);
    },

    async sinks() {
      const rows = await sql<SinkRow>`
        select sink.*, (
            select count(*)::integer from resilience.alert_deliveries delivery
            where delivery.sink = sink.name and delivery.delivered_at is null and delivery.given_up_at is null
          ) as pending
        from resilience.alert_sinks sink order by sink.name limit 50`;
      return rows.map((row) => ({
        name: row.name,
        disabledAt: isoMomentOrNull(row.disabled_at),
        disabledReason: row.disabled_reason,
        lastDeliveredAt: isoMomentOrNull(row.last_delivered_at),
        lastFailedAt: isoMomentOrNull(row.last_failed_at),
        lastErrorCode: row.last_error_code,
        pending: row.pending,
      }));
    },
  };
}

function silenceOf(row: SilenceRow): Silence {
  return {
    id: row.id,
    prefix: row.key_prefix,
    maxSeverity: row.max_severity,
    fromAt: isoMoment(row.from_at),
    untilAt: isoMoment(row.until_at),
    createdBy: row.created_by,
    reason: row.reason,
  };
}
