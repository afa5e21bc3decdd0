import type { SqlTag } from "../../db/database.ts";
import type { HealingPattern, PatternState } from "./healingPattern.ts";
import type { PatternStore } from "./patternStore.ts";

/** A row of `resilience.healing_patterns`. */
export interface PatternRow {
  readonly id: string;
  readonly table_oid: string;
  readonly table_schema: string;
  readonly table_name: string;
  readonly key: string;
  readonly target_attnum: number;
  readonly target_column: string;
  readonly strategy: string;
  readonly coercion: string | null;
  readonly schema_hash: string;
  readonly state: PatternState["kind"];
  readonly successes: string;
  readonly failures: string;
  readonly decided_by: string | null;
  readonly reason: string | null;
  readonly version: number;
}

/** Patterns in `resilience.healing_patterns`. */
export function postgresPatternStore(sql: SqlTag): PatternStore {
  return {
    async list({ tableOids } = {}) {
      const rows = await sql<PatternRow>`
        select * from resilience.healing_patterns
        where state <> 'expired' and (${tableOids === undefined}::boolean or table_oid = any (${
        tableOids ?? []
      }::bigint[]))
        order by created_at, id`;
      return rows.map(patternOfRow);
    },

    async find(id) {
      const [row] = await sql<PatternRow>`select * from resilience.healing_patterns where id = ${id}::uuid`;
      return row && patternOfRow(row);
    },

    async propose(proposals) {
      if (proposals.length === 0) return [];
      // The update changes nothing; it makes the row that was there come back, and waits for one that is being written.
      const rows = await sql<PatternRow>`
        insert into resilience.healing_patterns as p
          (table_oid, table_schema, table_name, key, target_attnum, target_column, strategy, coercion, schema_hash)
        select distinct on (r."tableOid", r.key, r."targetAttnum", r.coercion)
          r."tableOid", r."tableSchema", r."tableName", r.key, r."targetAttnum", r."targetColumn", r.strategy, r.coercion,
          r."schemaHash"
        from jsonb_to_recordset(${JSON.stringify(proposals)}::text::jsonb) as r ("tableOid" bigint, "tableSchema" text,
          "tableName" text, key text, "targetAttnum" integer, "targetColumn" text, strategy text, coercion text,
          "schemaHash" text)
        order by r."tableOid", r.key, r."targetAttnum", r.coercion
        on conflict (table_oid, key, target_attnum, coercion) where state <> 'expired'
          do update set key = p.key
        returning *`;
      return rows.map(patternOfRow);
    },

    async addOutcomes(told) {
      if (told.length === 0) return [];
      const list = told.map(({ patternId, successes, failures }) => ({ id: patternId, successes, failures }));
      const rows = await sql<PatternRow>`
        select * from resilience.record_pattern_outcomes(${JSON.stringify(list)}::text::jsonb)`;
      return rows.map(patternOfRow);
    },

    async save(next) {
      const { state } = next;
      const [row] = await sql<PatternRow>`
        update resilience.healing_patterns set
          table_schema = ${next.tableSchema}, table_name = ${next.tableName}, target_column = ${next.targetColumn},
          schema_hash = ${next.schemaHash}, state = ${state.kind}, successes = ${next.outcomes.successes},
          failures = ${next.outcomes.failures}, decided_by = ${"decidedBy" in state ? state.decidedBy : null},
          reason = ${"reason" in state ? state.reason ?? null : null}, version = version + 1,
          changed_at = clock_timestamp(),
          decided_at = case when ${state.kind} in ('approved', 'rejected', 'demoted') and state <> ${state.kind}
            then clock_timestamp() else decided_at end
        where id = ${next.id}::uuid and version = ${next.version}
        returning *`;
      return row && patternOfRow(row);
    },

    async wereDecided(withinMs) {
      const [row] = await sql<{ found: boolean }>`
        select exists (select from resilience.healing_patterns
          where decided_at > clock_timestamp() - make_interval(secs => ${
        withinMs / 1_000
      }::double precision)) as found`;
      return row?.found === true;
    },
  };
}

/** A pattern as its row tells it. */
export function patternOfRow(row: PatternRow): HealingPattern {
  return {
    id: row.id,
    tableOid: Number(row.table_oid),
    tableSchema: row.table_schema,
    tableName: row.table_name,
    key: row.key,
    targetAttnum: row.target_attnum,
    targetColumn: row.target_column,
    strategy: row.strategy,
    coercion: row.coercion,
    schemaHash: row.schema_hash,
    state: stateOfRow(row),
    outcomes: { successes: Number(row.successes), failures: Number(row.failures) },
    version: row.version,
  };
}

function stateOfRow({ state, decided_by, reason }: PatternRow): PatternState {
  switch (state) {
    case "approved":
    case "rejected":
      return { kind: state, decidedBy: decided_by ?? "", ...(reason === null ? {} : { reason }) };
    case "expired":
      return { kind: state, reason: reason ?? "" };
    default:
      return { kind: state };
  }
}
