import postgres from "postgres";
import { adminDatabase } from "../db/adminDatabase.ts";
import { parseConnectionUrl } from "../db/connectionSettings.ts";
import type { Database } from "../db/database.ts";
import { driverDatabase } from "../db/driverDatabase.ts";
import { createSqlClient } from "../db/sqlClient.ts";

/** Where a schema is read: a connection string, or a client of postgres.js, which stays its owner's to close. */
export type SchemaSource = string | postgres.Sql;

/** Hears the database's own notice of DDL. */
export type Listen = (onNotice: () => void) => Promise<{ unlisten(): Promise<void> }>;

/** A source, opened. */
export interface OpenSchemaSource {
  readonly database: Database;
  /** Absent behind a transaction-mode pooler, where nobody can listen. */
  readonly listen?: Listen;
  close(): Promise<void>;
}

const channel = "ballast_schema";

/** Opens a source; nothing is connected before it is used. */
export function openSchemaSource(source: SchemaSource): OpenSchemaSource {
  if (typeof source === "string") return openUrl(source);
  if (typeof source === "function" && "unsafe" in source) return openClient(source);
  throw new TypeError(
    `Cannot read the schema as the source must be a connection string or a postgres.js client: got ${typeof source}`,
  );
}

function openUrl(text: string): OpenSchemaSource {
  const { url, isPooled } = parseConnectionUrl(text);
  const client = createSqlClient({ url, isPooled, poolSize: 1, applicationName: "ballast/schema" });
  const listener = isPooled ? undefined : postgres(url, { max: 1, onnotice: () => {} });
  return {
    database: adminDatabase(client),
    ...(listener === undefined ? {} : { listen: listenOn(listener) }),
    async close() {
      await client.close();
      await listener?.end({ timeout: 5 });
    },
  };
}

function openClient(client: postgres.Sql): OpenSchemaSource {
  return {
    database: driverDatabase(client),
    ...(client.options.prepare === false ? {} : { listen: listenOn(client) }),
    close: () => Promise.resolve(),
  };
}

const listenOn = (client: postgres.Sql): Listen => (onNotice) => client.listen(channel, onNotice);
