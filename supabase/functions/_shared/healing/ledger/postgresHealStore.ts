import type { SqlTag } from "../../db/database.ts";
import type { Heal, HealRecord, HealStore } from "./heal.ts";
import { normalRowKey } from "./rowKeyText.ts";
import { storableJson } from "./storableJson.ts";

/** A row of `resilience.healing_events`. */
export interface HealRow {
  readonly id: string;
  readonly request_id: string | null;
  readonly table_oid: string | null;
  readonly table_schema: string;
  readonly table_name: string;
  readonly diagnosis: string;
  readonly from_name: string | null;
  readonly to_name: string | null;
  readonly strategy: string;
  readonly evidence: Record<string, unknown>;
  readonly alternatives: unknown[];
  readonly confidence: number;
  readonly pattern_id: string | null;
  readonly row_keys: Record<string, unknown>[];
  readonly shape: string | null;
  readonly schema_version: string | null;
  readonly duration_ms: number;
  readonly writer_role: string;
  readonly writer_claims: Record<string, unknown>;
  readonly healed_at: Date;
  readonly undone_at: Date | null;
  readonly undone_by: string | null;
  readonly undo_reason: string | null;
}

/** Heals in `resilience.healing_events`. */
export function postgresHealStore(sql: SqlTag): HealStore {
  return {
    async recordHeals(heals) {
      if (heals.length === 0) return;
      await sql`select resilience_gate.record_heals(${storableJson(heals.map(rowOfHeal))}::text::jsonb)`;
    },

    async listHeals({ ids, tableOid, requestId, since, limit = 100 } = {}) {
      const rows = await sql<HealRow>`
        select * from resilience.healing_events
        where (${ids === undefined}::boolean or id = any (${ids ?? []}::uuid[]))
          and (${tableOid ?? null}::bigint is null or table_oid = ${tableOid ?? null}::bigint)
          and (${requestId ?? null}::text is null or request_id = ${requestId ?? null}::text)
          and (${since ?? null}::timestamptz is null or healed_at >= ${since ?? null}::timestamptz)
        order by healed_at desc, id limit ${limit}::integer`;
      return rows.map(healOfRow);
    },

    async markUndone(id, { by, reason }) {
      const rows = await sql`
        update resilience.healing_events
        set undone_at = clock_timestamp(), undone_by = ${by}, undo_reason = ${reason ?? null}
        where id = ${id}::uuid and undone_at is null returning id`;
      return rows.length === 1;
    },
  };
}

function rowOfHeal(heal: HealRecord) {
  return {
    id: heal.id,
    request_id: heal.requestId,
    table_oid: heal.table.oid,
    table_schema: heal.table.schema,
    table_name: heal.table.name,
    diagnosis: heal.diagnosis,
    from_name: heal.from,
    to_name: heal.to,
    strategy: heal.strategy,
    evidence: heal.evidence,
    alternatives: heal.alternatives,
    confidence: heal.confidence,
    pattern_id: heal.patternId,
    row_keys: heal.rowKeys?.map(normalRowKey),
    shape: heal.shape && JSON.stringify(heal.shape),
    schema_version: heal.schemaVersion,
    duration_ms: heal.durationMs,
  };
}

/** A heal as its row tells it. */
export function healOfRow(row: HealRow): Heal {
  return {
    id: row.id,
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    table: {
      ...(row.table_oid === null ? {} : { oid: Number(row.table_oid) }),
      schema: row.table_schema,
      name: row.table_name,
    },
    diagnosis: row.diagnosis,
    ...(row.from_name === null ? {} : { from: row.from_name }),
    ...(row.to_name === null ? {} : { to: row.to_name }),
    strategy: row.strategy,
    evidence: row.evidence,
    alternatives: row.alternatives,
    confidence: row.confidence,
    ...(row.pattern_id === null ? {} : { patternId: row.pattern_id }),
    rowKeys: row.row_keys,
    ...(row.shape === null ? {} : { shape: JSON.parse(row.shape) }),
    ...(row.schema_version === null ? {} : { schemaVersion: row.schema_version }),
    durationMs: row.duration_ms,
    writer: { role: row.writer_role, claims: row.writer_claims },
    healedAt: row.healed_at,
    ...(row.undone_at === null ? {} : { undone: undoneOfRow(row, row.undone_at) }),
  };
}

function undoneOfRow({ undone_by, undo_reason }: HealRow, at: Date) {
  return { at, by: undone_by ?? "", ...(undo_reason === null ? {} : { reason: undo_reason }) };
}
