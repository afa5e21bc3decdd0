import type { SqlTag } from "../db/database.ts";
import type { SchemaChange, Severity } from "./schemaChange.ts";
import type { KnownSchema } from "./schemaVersion.ts";
import { type ChangeRow, listChanges, toChange, toVersion, type VersionRow } from "./schemaVersionStore.ts";
import type { SchemaSnapshot } from "./snapshot.ts";

/** A version without its schema. */
export interface VersionEntry {
  readonly version: number;
  readonly hash: string;
  readonly createdAt: Date;
  readonly tableCount: number;
  /** How many changes of each severity it made. */
  readonly changes: Readonly<Record<Severity, number>>;
}

/** A change, with the version that made it. */
export interface DatedChange {
  readonly id: string;
  readonly version: number;
  readonly seenAt: Date;
  readonly change: SchemaChange;
}

/** Which changes; all conditions hold. */
export interface ChangeFilter {
  /** The table as `schema.table`, under the name it had or has: it is followed through renames. */
  readonly subject?: string | undefined;
  /** At least this bad. */
  readonly severity?: Severity | undefined;
  readonly since?: Date | undefined;
  /** Only those before this one. */
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

/** What people read of a schema's past, in pages. */
export interface SchemaHistory {
  /** The number of the newest version; undefined where none was recorded. */
  newest(): Promise<number | undefined>;
  /** The newest first, of those before `before`. */
  versions(page: { readonly before?: number | undefined; readonly limit: number }): Promise<VersionEntry[]>;
  /** One version with its schema and what it changed. */
  read(version: number): Promise<KnownSchema | undefined>;
  /** The newest first. */
  changes(filter: ChangeFilter): Promise<DatedChange[]>;
}

const severities: readonly Severity[] = ["low", "medium", "high", "critical"];

/** The past of the schema in `resilience.schema_versions` and `resilience.schema_changes`. */
export function postgresSchemaHistory(sql: SqlTag): SchemaHistory {
  return {
    async newest() {
      const [row] = await sql<{ version: string | null }>`
        select max(version) as version from resilience.schema_versions`;
      const version = row?.version ?? undefined;
      return version === undefined ? undefined : Number(version);
    },

    async versions({ before = null, limit }) {
      const rows = await sql<VersionRow & { tables: number; severities: Partial<Record<Severity, number>> | null }>`
        select version, hash, created_at, jsonb_array_length(snapshot -> 'tables') as tables,
          (select jsonb_object_agg(counted.severity, counted.count) from (
            select change.severity, count(*)::integer as count from resilience.schema_changes change
            where change.version = versions.version group by change.severity
          ) counted) as severities
        from resilience.schema_versions versions
        where ${before}::bigint is null or version < ${before}::bigint
        order by version desc limit ${limit}::integer`;
      return rows.map((row) => ({
        version: Number(row.version),
        hash: row.hash,
        createdAt: row.created_at,
        tableCount: row.tables,
        changes: { low: 0, medium: 0, high: 0, critical: 0, ...row.severities },
      }));
    },

    async read(version) {
      const [row] = await sql<VersionRow & { snapshot: SchemaSnapshot }>`
        select version, hash, created_at, snapshot from resilience.schema_versions where version = ${version}::bigint`;
      if (row === undefined) return undefined;
      return { ...toVersion(row, await listChanges(sql, [row.version])), snapshot: row.snapshot };
    },

    async changes({ subject = null, severity = "low", since = null, beforeId = null, limit }) {
      const worse = severities.slice(severities.indexOf(severity));
      // A table's identity tells all its names: the one asked for may be an earlier or a later one.
      const rows = await sql<ChangeRow & { id: string; created_at: Date }>`
        select change.id, change.version, change.kind, change.severity, change.subject, change.table_oid as oid, change.part,
          change.attnum, change.value_before as before, change.value_after as after, seen.created_at
        from resilience.schema_changes change join resilience.schema_versions seen on seen.version = change.version
        where (${subject}::text is null or change.table_oid in (
            select named.table_oid from resilience.schema_changes named
            where named.subject = ${subject}::text
              or (named.kind = 'table_renamed' and named.value_before = ${subject}::text)))
          and change.severity = any (${worse}::text[])
          and (${since}::timestamptz is null or seen.created_at >= ${since}::timestamptz)
          and (${beforeId}::bigint is null or change.id < ${beforeId}::bigint)
        order by change.id desc limit ${limit}::integer`;
      return rows.map((row) => ({
        id: String(row.id),
        version: Number(row.version),
        seenAt: row.created_at,
        change: toChange(row),
      }));
    },
  };
}
