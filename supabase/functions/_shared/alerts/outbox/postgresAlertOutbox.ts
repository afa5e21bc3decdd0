import type { SqlTag } from "../../db/database.ts";
import type { Alert, NoticeKind } from "../alert.ts";
import type { ConfiguredSink } from "../alertSink.ts";
import { alertOfRow, isoMoment } from "./alertOfRow.ts";
import type { AlertOutbox } from "./alertOutbox.ts";

interface ClaimedRow {
  readonly id: string;
  readonly sink: string;
  readonly kind: NoticeKind;
  readonly content: Alert;
  readonly noticed_at: Date;
  readonly lease_token: string;
  readonly attempts: number;
  readonly wait_ms: number;
}

/** The outbox in `resilience.alert_notices` and `resilience.alert_deliveries`; each method is one statement. */
export function postgresAlertOutbox(sql: SqlTag): AlertOutbox {
  return {
    async register(sinks) {
      const hashes = await Promise.all(sinks.map(({ target }) => fingerprint(target)));
      await sql`select resilience.register_alert_sinks(${namesOf(sinks)}::text[], ${hashes}::text[])`;
    },

    async remind(afterSeconds) {
      const [row] = await sql<{ written: number }>`
        select resilience.remind_of_alerts(${afterSeconds}::double precision) as written`;
      return row?.written ?? 0;
    },

    async fanOut(sinks) {
      const [row] = await sql<{ handed: number }>`
        select resilience.fan_out_alert_notices(${namesOf(sinks)}::text[], ${sinks.map(({ least }) => least)}::text[])
          as handed`;
      return row?.handed ?? 0;
    },

    async claim(sinks, limit, leaseSeconds) {
      const rows = await sql<ClaimedRow>`
        select * from resilience.claim_alert_deliveries(${sinks}::text[], ${limit}::integer,
          ${leaseSeconds}::double precision)`;
      return rows.map(({ id, sink, kind, content, noticed_at, lease_token, attempts, wait_ms }) => ({
        sink,
        notice: { id, kind, at: isoMoment(noticed_at), alert: alertOfRow(content) },
        leaseToken: lease_token,
        attempts,
        waitMs: wait_ms,
      }));
    },

    async settle({ notice, leaseToken }, result, giveUpSeconds) {
      const { code, waitMs } = { code: null, waitMs: null, ...result };
      const [row] = await sql<{ is_settled: boolean }>`
        select resilience.settle_alert_delivery(${notice.id}::uuid, ${leaseToken}::uuid, ${result.kind}, ${code}::text,
          ${waitMs}::double precision, ${giveUpSeconds}::double precision) as is_settled`;
      return row?.is_settled ?? false;
    },

    async enable(sink) {
      const [row] = await sql<{ was_off: boolean }>`select resilience.enable_alert_sink(${sink}) as was_off`;
      return row?.was_off ?? false;
    },
  };
}

function namesOf(sinks: readonly ConfiguredSink[]): string[] {
  return sinks.map(({ sink }) => sink.name);
}

/** Addresses are secrets: the database gets what it can compare, and nothing that it could call. */
async function fingerprint(target: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(target));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
