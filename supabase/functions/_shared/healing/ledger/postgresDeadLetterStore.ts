import type { SqlTag } from "../../db/database.ts";
import type { DeadLetter, DeadLetterFilter, DeadLetterRecord, DeadLetterStore } from "./deadLetter.ts";
import { storableJson } from "./storableJson.ts";

/** A row of `resilience.dead_letters`. */
export interface LetterRow {
  readonly id: string;
  readonly request_id: string | null;
  readonly table_oid: string | null;
  readonly table_schema: string;
  readonly table_name: string;
  readonly operation: DeadLetter["operation"];
  readonly payload: string;
  readonly arguments: string;
  readonly error_code: string;
  readonly error_fields: Record<string, unknown>;
  readonly schema_version: string | null;
  readonly writer_role: string;
  readonly writer_claims: Record<string, unknown>;
  readonly attempts: number;
  readonly died_at: Date;
  readonly outcome: "landed" | "discarded" | null;
  readonly replayed_at: Date | null;
  readonly settled_by: string | null;
}

/** Dead letters in `resilience.dead_letters`. */
export function postgresDeadLetterStore(sql: SqlTag): DeadLetterStore {
  return {
    async keepDeadLetters(letters) {
      if (letters.length === 0) return;
      await sql`select resilience_gate.keep_dead_letters(${storableJson(letters.map(rowOfLetter))}::text::jsonb)`;
    },

    async listDeadLetters(filter = {}) {
      const { ids, schema, name, since, isOpen, limit } = conditions(filter);
      const rows = await sql<LetterRow>`
        select * from resilience.dead_letters
        where (${ids === null}::boolean or id = any (${ids ?? []}::uuid[]))
          and (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text))
          and (${since}::timestamptz is null or died_at >= ${since}::timestamptz)
          and (not ${isOpen}::boolean or outcome is null)
        order by died_at desc, id limit ${limit}::integer`;
      return rows.map(letterOfRow);
    },

    async takeDeadLetters(filter = {}) {
      const { ids, schema, name, since, limit } = conditions(filter);
      const rows = await sql<LetterRow>`
        select * from resilience.dead_letters
        where outcome is null and (${ids === null}::boolean or id = any (${ids ?? []}::uuid[]))
          and (${name}::text is null or (table_schema = ${schema}::text and table_name = ${name}::text))
          and (${since}::timestamptz is null or died_at >= ${since}::timestamptz)
        order by died_at, id limit ${limit}::integer for update skip locked`;
      return rows.map(letterOfRow);
    },

    async settle(id, outcome, by) {
      const rows = await sql`
        update resilience.dead_letters
        set outcome = ${outcome}, replayed_at = clock_timestamp(), settled_by = ${by ?? null}
        where id = ${id}::uuid and outcome is null returning id`;
      return rows.length === 1;
    },

    async markTried(id, errorCode, errorFields = {}) {
      await sql`
        update resilience.dead_letters set attempts = attempts + 1, tried_at = clock_timestamp(),
          error_code = ${errorCode}, error_fields = ${storableJson(errorFields)}::text::jsonb
        where id = ${id}::uuid and outcome is null`;
    },
  };
}

function conditions({ ids, table, since, isOpen = false, limit = 100 }: DeadLetterFilter) {
  const { schema = null, name = null } = table ?? {};
  return { ids: ids ?? null, schema, name, since: since ?? null, isOpen, limit };
}

function rowOfLetter(letter: DeadLetterRecord) {
  return {
    id: letter.id,
    request_id: letter.requestId,
    table_oid: letter.table.oid,
    table_schema: letter.table.schema,
    table_name: letter.table.name,
    operation: letter.operation,
    payload: letter.payload,
    arguments: letter.argumentsText,
    error_code: letter.errorCode,
    error_fields: letter.errorFields,
    schema_version: letter.schemaVersion,
    attempts: letter.attempts,
    writer_role: letter.writer?.role,
    writer_claims: letter.writer?.claims,
  };
}

/** A letter as its row tells it. */
export function letterOfRow(row: LetterRow): DeadLetter {
  return {
    id: row.id,
    ...(row.request_id === null ? {} : { requestId: row.request_id }),
    table: {
      ...(row.table_oid === null ? {} : { oid: Number(row.table_oid) }),
      schema: row.table_schema,
      name: row.table_name,
    },
    operation: row.operation,
    payload: row.payload,
    argumentsText: row.arguments,
    errorCode: row.error_code,
    errorFields: row.error_fields,
    ...(row.schema_version === null ? {} : { schemaVersion: row.schema_version }),
    attempts: row.attempts,
    writer: { role: row.writer_role, claims: row.writer_claims },
    diedAt: row.died_at,
    ...(row.outcome === null || row.replayed_at === null
      ? {}
      : { settled: { outcome: row.outcome, at: row.replayed_at, by: row.settled_by } }),
  };
}
