import type postgres from "postgres";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import type { NameQuestion } from "../../supabase/functions/_shared/healing/evidence/evidence.ts";
import { createNameHistory, type NameHistory } from "../../supabase/functions/_shared/schema/nameHistory.ts";
import type { KnownSchema } from "../../supabase/functions/_shared/schema/schemaVersion.ts";
import {
  type SchemaVersionManager,
  watchSchema,
} from "../../supabase/functions/_shared/schema/schemaVersionManager.ts";
import { testDatabase } from "../harness/testDatabase.ts";

/** A database whose schema is watched, with `public.orders(id, total, tax, note)`. */
export interface EvidenceDatabase extends AsyncDisposable {
  /** Connections of the test itself. */
  readonly sql: postgres.Sql;
  readonly admin: Database;
  readonly manager: SchemaVersionManager;
  readonly history: NameHistory;
  /** Changes the schema and lets it be seen, as one version. */
  change(ddl: string): Promise<KnownSchema>;
  /** The schema by now. */
  schema(): KnownSchema;
  /** What the keys of a row mean that no column of a table has. */
  question(row: Record<string, unknown>, table?: string): NameQuestion;
}

/** Opens an {@link EvidenceDatabase}. */
export async function evidenceDatabase(): Promise<EvidenceDatabase> {
  const database = await testDatabase();
  const { sql } = database;
  await sql.unsafe(
    `drop table public.orders cascade;
    create table public.orders (id bigint primary key, total numeric(10, 2), tax numeric(10, 2), note text)`,
  );
  const client = createSqlClient({
    url: database.url,
    isPooled: false,
    poolSize: 4,
    applicationName: "healing-evidence",
  });
  const admin = adminDatabase(client);
  const manager = watchSchema(admin, { pollIntervalMs: 0 });
  const history = createNameHistory(admin.sql);
  await manager.initialize();
  const schema = () => manager.current();
  return {
    sql,
    admin,
    manager,
    history,
    schema,
    async change(ddl) {
      await sql.unsafe(ddl);
      await manager.check();
      return schema();
    },
    question(row, name = "orders") {
      const known = schema();
      const table = known.snapshot.tables.find((candidate) => candidate.name === name)!;
      const keys = Object.keys(row);
      return {
        table,
        schema: known,
        names: keys.filter((key) => !table.columns.some((column) => column.name === key)),
        columns: table.columns.filter((column) => !column.isGenerated && !keys.includes(column.name)),
        keys,
        rows: [row],
      };
    },
    async [Symbol.asyncDispose]() {
      await manager.close();
      await client.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
