import type { SqlTag } from "../../db/database.ts";
import { normalRowKey, rowKeyText } from "./rowKeyText.ts";
import type { Writer } from "./heal.ts";
import type { Rescue, RescueAhead, RescueReplay, RescueStore } from "./rescue.ts";
import { storableJson } from "./storableJson.ts";

/** A row of `resilience.rescued_fields`. */
export interface RescueRow {
  readonly id: string;
  readonly healing_id: string | null;
  readonly table_oid: string;
  readonly table_schema: string;
  readonly table_name: string;
  readonly row_key: Record<string, unknown> | null;
  readonly fields: string;
  readonly open_fields: string[];
  readonly shape: string;
  readonly schema_version: string | null;
  readonly writer_role: string;
  readonly writer_claims: Record<string, unknown>;
  readonly rescued_at: Date;
  readonly landed_at: Date | null;
  readonly replayed_at: Date | null;
  readonly replays: { key: string; column: string; attnum: number; healing_id: string | null; at: string }[];
}

/** Rescued fields in `resilience.rescued_fields`. */
export function postgresRescueStore(sql: SqlTag): RescueStore {
  async function keep(rows: readonly Record<string, unknown>[]) {
    if (rows.length === 0) return;
    await sql`select resilience_gate.rescue_fields(${storableJson(rows)}::text::jsonb)`;
  }

  return {
    rescue: (rescues) => keep(rescues.map((rescue) => rowOfRescue(rescue))),
    rescueAhead: (rescues) =>
      keep(rescues.map((rescue) => ({ ...rowOfRescue(rescue), is_ahead: true, ...rowOfWriter(rescue.writer) }))),

    async confirmLanded(id, rowKey, healingId) {
      const rows = await sql`
        update resilience.rescued_fields set landed_at = clock_timestamp(), row_key = ${
        rowKeyText(rowKey)
      }::text::jsonb,
          healing_id = (select heal.id from resilience.healing_events heal where heal.id = ${healingId ?? null}::uuid),
          replayed_at = case when open_fields = '{}' then clock_timestamp() end
        where id = ${id}::uuid and landed_at is null returning id`;
      return rows.length === 1;
    },

    async noteLanded(rescues) {
      if (rescues.length === 0) return;
      const rows = rescues.map((rescue) => ({ ...rowOfRescue(rescue), ...rowOfWriter(rescue.writer) }));
      await sql`
        insert into resilience.rescued_fields (id, healing_id, table_oid, table_schema, table_name, row_key, fields,
          open_fields, shape, schema_version, writer_role, writer_claims, landed_at, replayed_at)
        select r.id, heal.id, r.table_oid, r.table_schema, r.table_name, r.row_key, r.fields, r.open_fields, r.shape,
          r.schema_version, coalesce(r.writer_role, session_user), coalesce(r.writer_claims, '{}'), clock_timestamp(),
          case when r.open_fields = '{}' then clock_timestamp() end
        from jsonb_to_recordset(${storableJson(rows)}::text::jsonb) as r (id uuid, healing_id uuid, table_oid bigint,
          table_schema text, table_name text, row_key jsonb, fields text, open_fields text[], shape text,
          schema_version text, writer_role text, writer_claims jsonb)
        left join resilience.healing_events heal on heal.id = r.healing_id
        on conflict (id) do nothing`;
    },

    async dropUnlanded(id) {
      const rows = await sql`
        delete from resilience.rescued_fields where id = ${id}::uuid and landed_at is null returning id`;
      return rows.length === 1;
    },

    async listRescued(filter = {}) {
      const { ids, tableOid, rowKey, healingIds, since, isOpen = false, isUnconfirmed = false, limit = 100 } = filter;
      const keyText = rowKey === undefined ? null : rowKeyText(rowKey);
      const rows = await sql<RescueRow>`
        select * from resilience.rescued_fields
        where (${ids === undefined}::boolean or id = any (${ids ?? []}::uuid[]))
          and (${healingIds === undefined}::boolean or healing_id = any (${healingIds ?? []}::uuid[]))
          and (${tableOid ?? null}::bigint is null or table_oid = ${tableOid ?? null}::bigint)
          and (${keyText}::text is null or row_key = ${keyText}::text::jsonb)
          and (${since ?? null}::timestamptz is null or rescued_at >= ${since ?? null}::timestamptz)
          and (not ${isOpen}::boolean or replayed_at is null)
          and (not ${isUnconfirmed}::boolean or landed_at is null)
        order by rescued_at desc, id limit ${limit}::integer`;
      return rows.map(rescueOfRow);
    },

    async takeForReplay({ tableOid, key, ids, since, afterId, limit = 100 }) {
      const rows = await sql<RescueRow>`
        select * from resilience.rescued_fields
        where table_oid = ${tableOid}::bigint and replayed_at is null and landed_at is not null
          and open_fields @> array[${JSON.stringify(key)}::text]
          and (${ids === undefined}::boolean or id = any (${ids ?? []}::uuid[]))
          and (${since ?? null}::timestamptz is null or rescued_at >= ${since ?? null}::timestamptz)
          and (${afterId ?? null}::uuid is null or id > ${afterId ?? null}::uuid)
        order by id limit ${limit}::integer for update skip locked`;
      return rows.map(rescueOfRow);
    },

    async markReplayed(id, replay) {
      const key = JSON.stringify(replay.key);
      const { column, attnum, healingId } = replay;
      const rows = await sql`
        update resilience.rescued_fields set
          open_fields = array_remove(open_fields, ${key}::text),
          replays = replays || jsonb_build_object('key', ${key}::text, 'column', ${column}::text,
            'attnum', ${attnum}::integer, 'healing_id', ${healingId}::text, 'at', clock_timestamp()),
          replayed_at = case when array_remove(open_fields, ${key}::text) = '{}' then clock_timestamp() end
        where id = ${id}::uuid and landed_at is not null and open_fields @> array[${key}::text]
        returning id`;
      return rows.length === 1;
    },

    async reopen(id, key) {
      const keyText = JSON.stringify(key);
      const rows = await sql`
        update resilience.rescued_fields set
          open_fields = open_fields || ${keyText}::text, replayed_at = null,
          replays = (select coalesce(jsonb_agg(replay), '[]') from jsonb_array_elements(replays) as replay
            where replay ->> 'key' <> ${keyText}::text)
        where id = ${id}::uuid and replays @> jsonb_build_array(jsonb_build_object('key', ${keyText}::text))
        returning id`;
      return rows.length === 1;
    },
  };
}

/** Keys are kept as JSON writes them: a key may hold what a text cannot. */
function rowOfRescue(rescue: RescueAhead): Record<string, unknown> {
  return {
    id: rescue.id,
    healing_id: rescue.healingId,
    table_oid: rescue.table.oid,
    table_schema: rescue.table.schema,
    table_name: rescue.table.name,
    row_key: rescue.rowKey && normalRowKey(rescue.rowKey),
    fields: rescue.rescuedText,
    open_fields: rescue.rescuedKeys.map((key) => JSON.stringify(key)),
    shape: JSON.stringify(rescue.shape),
    schema_version: rescue.schemaVersion,
  };
}

function rowOfWriter(writer: Writer | undefined) {
  return writer === undefined ? {} : { writer_role: writer.role, writer_claims: writer.claims };
}

/** A rescue as its row tells it. */
export function rescueOfRow(row: RescueRow): Rescue {
  return {
    id: row.id,
    ...(row.healing_id === null ? {} : { healingId: row.healing_id }),
    table: { oid: Number(row.table_oid), schema: row.table_schema, name: row.table_name },
    ...(row.row_key === null ? {} : { rowKey: row.row_key }),
    rescuedText: row.fields,
    openKeys: row.open_fields.map((key) => JSON.parse(key) as string),
    shape: JSON.parse(row.shape),
    ...(row.schema_version === null ? {} : { schemaVersion: row.schema_version }),
    writer: { role: row.writer_role, claims: row.writer_claims },
    rescuedAt: row.rescued_at,
    ...(row.landed_at === null ? {} : { landedAt: row.landed_at }),
    ...(row.replayed_at === null ? {} : { replayedAt: row.replayed_at }),
    replays: row.replays.map(({ key, column, attnum, healing_id, at }): RescueReplay => {
      return { key: JSON.parse(key), column, attnum, healingId: healing_id, at };
    }),
  };
}
