import type { Database, SqlTag } from "../db/database.ts";
import { diffSnapshots } from "./diffSnapshots.ts";
import type { SchemaChange } from "./schemaChange.ts";
import type { KnownSchema, SchemaVersion } from "./schemaVersion.ts";
import type { SchemaSnapshot } from "./snapshot.ts";

/** A schema as it was read. */
export interface SeenSchema {
  readonly snapshot: SchemaSnapshot;
  readonly hash: string;
}

/** Where the versions of a schema are kept. */
export interface SchemaVersionStore {
  /**
   * Records the schema unless it is the newest version already; many isolates may say the same at once. What seems to be
   * new is read again once nobody else can record: since `seen` was read others may have recorded what came after it, and
   * the versions are to follow each other as the changes did.
   */
  record(seen: SeenSchema, readAgain: (sql: SqlTag) => Promise<SeenSchema>): Promise<KnownSchema>;
  /** The newest versions first. */
  list(limit: number): Promise<SchemaVersion[]>;
  /** An earlier schema by its hash; undefined where nobody has seen it. */
  find(hash: string): Promise<SchemaSnapshot | undefined>;
}

/** The versions in `resilience.schema_versions`. */
export function postgresSchemaVersionStore(database: Database): SchemaVersionStore {
  return {
    record: (seen, readAgain) => database.transaction((sql) => recordVersion(sql, seen, readAgain)),
    list: (limit) => listVersions(database.sql, limit),
    async find(hash) {
      const [row] = await database.sql<{ snapshot: SchemaSnapshot }>`
        select snapshot from resilience.schema_versions where hash = ${hash} order by version desc limit 1`;
      return row?.snapshot;
    },
  };
}

/** A row of `resilience.schema_versions`, without its snapshot. */
export interface VersionRow {
  version: string;
  hash: string;
  created_at: Date;
}

/** The lock is held to the transaction's end: of many isolates that see the same change, one records it. */
async function recordVersion(
  sql: SqlTag,
  seen: SeenSchema,
  readAgain: (sql: SqlTag) => Promise<SeenSchema>,
): Promise<KnownSchema> {
  await sql`select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('resilience.schema_versions'))`;
  const [newest] = await sql<VersionRow & { snapshot: SchemaSnapshot }>`
    select version, hash, created_at, snapshot from resilience.schema_versions order by version desc limit 1`;
  const { snapshot, hash } = newest?.hash === seen.hash ? seen : await readAgain(sql);
  if (newest?.hash === hash) {
    const changes = await listChanges(sql, [newest.version]);
    return { ...toVersion(newest, changes), snapshot };
  }
  const changes = newest === undefined ? [] : diffSnapshots(newest.snapshot, snapshot);
  const [row] = await sql<VersionRow>`
    insert into resilience.schema_versions (hash, snapshot) values (${hash}, ${{ ...snapshot }}::jsonb)
    returning version, hash, created_at`;
  if (row === undefined) throw new Error("Cannot record the schema as the insert gave no row");
  if (changes.length > 0) await insertChanges(sql, row.version, changes);
  return { version: Number(row.version), hash, createdAt: row.created_at, changes, snapshot };
}

async function insertChanges(sql: SqlTag, version: string, changes: readonly SchemaChange[]): Promise<void> {
  await sql`
    insert into resilience.schema_changes
      (version, kind, severity, subject, table_oid, part, attnum, value_before, value_after)
    select ${version}::bigint, kind, severity, subject, oid, part, attnum, before, after
    from jsonb_to_recordset(${{ list: changes }}::jsonb -> 'list')
      as changes (kind text, severity text, subject text, oid bigint, part text, attnum int, before text, after text)`;
}

async function listVersions(sql: SqlTag, limit: number): Promise<SchemaVersion[]> {
  const rows = await sql<VersionRow>`
    select version, hash, created_at from resilience.schema_versions order by version desc limit ${limit}`;
  const changes = await listChanges(sql, rows.map((row) => row.version));
  return rows.map((row) => toVersion(row, changes));
}

/** A row of `resilience.schema_changes`. */
export interface ChangeRow extends Omit<SchemaChange, "oid" | "part" | "attnum"> {
  version: string;
  oid: string;
  part: string | null;
  attnum: number | null;
}

/** What some versions changed, in the order it was found. */
export async function listChanges(sql: SqlTag, versions: readonly string[]): Promise<ChangeRow[]> {
  return await sql<ChangeRow>`
    select version, kind, severity, subject, table_oid as oid, part, attnum,
           value_before as before, value_after as after
    from resilience.schema_changes where version = any (${versions}::bigint[]) order by id`;
}

/** A version as its row tells it, with those of `changes` that are its own. */
export function toVersion(row: VersionRow, changes: readonly ChangeRow[]): SchemaVersion {
  return {
    version: Number(row.version),
    hash: row.hash,
    createdAt: row.created_at,
    changes: changes.filter(({ version }) => version === row.version).map(toChange),
  };
}

/** A change as its row tells it. */
export function toChange({ kind, severity, subject, oid, part, attnum, before, after }: ChangeRow): SchemaChange {
  return {
    kind,
    severity,
    subject,
    oid: Number(oid),
    ...(part === null ? {} : { part }),
    ...(attnum === null ? {} : { attnum }),
    before,
    after,
  };
}
