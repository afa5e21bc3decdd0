import { stableHash } from "../../random/stableHash.ts";
import type { SqlTag } from "../../db/database.ts";
import type { NotedPart, NotedRow, NotedRows, NotedRowStore } from "./notedRows.ts";
import { rowKeyText } from "./rowKeyText.ts";

interface NotedRowRow {
  readonly healing_id: string;
  readonly table_oid: string;
  readonly table_schema: string;
  readonly table_name: string;
  readonly row_key: Record<string, unknown>;
  readonly fingerprint: string;
  readonly parts: string;
  readonly schema_version: string;
  readonly writer_role: string;
  readonly noted_at: Date;
}

/** Noted rows in `resilience.noted_rows`. */
export function postgresNotedRowStore(sql: SqlTag): NotedRowStore {
  return {
    async noteRows(noted) {
      if (noted.length === 0) return;
      // As json and not as jsonb: the text of `rows` is kept as it is sent.
      await sql`
        insert into resilience.noted_rows (id, healing_id, table_oid, table_schema, table_name, parts, rows, key_hashes,
          schema_version, writer_role)
        select n.id, n.healing_id, n.table_oid, n.table_schema, n.table_name, n.parts, n.rows, n.key_hashes::integer[],
          n.schema_version, coalesce(n.writer_role, session_user)
        from json_to_recordset(${`[${noted.map(notedText).join(",")}]`}::text::json) as n (id uuid, healing_id uuid,
          table_oid bigint, table_schema text, table_name text, parts text, rows text, key_hashes text,
          schema_version text, writer_role text)
        on conflict (id) do nothing`;
    },

    async listNoted(filter) {
      const { limit = 100 } = filter;
      const healingId = "healingId" in filter ? filter.healingId : null;
      const [tableOid, keyText] = "rowKey" in filter ? [filter.tableOid, rowKeyText(filter.rowKey)] : [null, null];
      const hash = keyText === null ? null : keyHash(keyText);
      const rows = await sql<NotedRowRow>`
        with packed as materialized (
          select * from resilience.noted_rows
          where (${healingId}::uuid is null or healing_id = ${healingId}::uuid)
            and (${tableOid}::bigint is null or table_oid = ${tableOid}::bigint)
            and (${hash}::integer is null or ${hash}::integer = any (key_hashes))
          order by noted_at desc, id limit ${limit}::integer
        )
        select packed.healing_id, packed.table_oid, packed.table_schema, packed.table_name, noted.entry -> 0 as row_key,
          noted.entry ->> 1 as fingerprint, packed.parts, packed.schema_version, packed.writer_role, packed.noted_at
        from packed cross join lateral jsonb_array_elements(packed.rows::jsonb) with ordinality as noted (entry, place)
        where ${keyText}::text is null or noted.entry -> 0 = ${keyText}::text::jsonb
        order by packed.noted_at desc, packed.id, noted.place desc limit ${limit}::integer`;
      return rows.map(notedOfRow);
    },

    async unpackNoted(healingId) {
      await sql`select resilience.unpack_noted_rows(${healingId}::uuid)`;
    },
  };
}

/** Rows are looked for by 32 bits of their keys, and told apart by the keys themselves. */
function keyHash(keyText: string): number {
  return stableHash(keyText) | 0;
}

function notedText({ id, shape, rows, writerRole }: NotedRows): string {
  const { healingId, table, parts, schemaVersion } = shape;
  const hashes: number[] = [];
  const texts: string[] = [];
  for (const [keyText, fingerprint] of rows) {
    hashes.push(keyHash(keyText));
    texts.push(`[${keyText},"${fingerprint}"]`);
  }
  const same = JSON.stringify({
    id,
    healing_id: healingId,
    table_oid: table.oid,
    table_schema: table.schema,
    table_name: table.name,
    parts: JSON.stringify(parts.map(({ key, column }) => ({ key, column }))),
    schema_version: schemaVersion,
    writer_role: writerRole,
    key_hashes: `{${hashes.join(",")}}`,
  });
  return `${same.slice(0, -1)},"rows":[${texts.join(",")}]}`;
}

function notedOfRow(row: NotedRowRow): NotedRow {
  return {
    healingId: row.healing_id,
    table: { oid: Number(row.table_oid), schema: row.table_schema, name: row.table_name },
    rowKey: row.row_key,
    shape: { parts: JSON.parse(row.parts) as NotedPart[], fingerprint: row.fingerprint },
    schemaVersion: row.schema_version,
    writer: { role: row.writer_role, claims: {} },
    notedAt: row.noted_at,
  };
}
