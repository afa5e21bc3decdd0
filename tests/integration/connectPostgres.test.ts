import postgres from "postgres";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { openConnector } from "../../supabase/functions/_shared/connect/openConnector.ts";
import { postgresConnector } from "../../supabase/functions/_shared/connect/postgresConnector.ts";
import { tagRunner } from "../../supabase/functions/_shared/connect/tagRunner.ts";
import { testConnector } from "./connectContract.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";

const nothing = () => Promise.resolve();

testConnector({ name: "a connection string" }, (database) => {
  return Promise.resolve({ connector: openConnector(database.url), [Symbol.asyncDispose]: nothing });
});

testConnector({ name: "a postgres.js client of five connections" }, (database) => {
  const sql = postgres(database.url, { max: 5, onnotice: () => {} });
  return Promise.resolve({ connector: openConnector(sql), [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) });
});

testConnector({ name: "the database layer's tag" }, (database) => {
  const client = createSqlClient({ url: database.url, isPooled: false, poolSize: 2, applicationName: "ballast/test" });
  const connector = postgresConnector(tagRunner(adminDatabase(client).sql));
  return Promise.resolve({ connector, [Symbol.asyncDispose]: () => client.close(1) });
});

const pgbouncer = await findPgbouncer();
const skipped = pgbouncer === undefined ? " (SKIPPED: pgbouncer is not installed, 'apt-get install pgbouncer')" : "";
const ignore = pgbouncer === undefined;

testConnector({ name: `a connection string of a pooler${skipped}`, ignore }, async (database) => {
  const pooler = await startPgbouncer(pgbouncer!, database.url);
  const connector = openConnector(pooler.url, { poolSize: 2 });
  return { connector, [Symbol.asyncDispose]: () => pooler[Symbol.asyncDispose]() };
});

testConnector({ name: `a postgres.js client through a pooler${skipped}`, ignore }, async (database) => {
  const pooler = await startPgbouncer(pgbouncer!, database.url);
  const url = pooler.url.replace(/\?.*/, "");
  const sql = postgres(url, { max: 3, prepare: false, onnotice: () => {} });
  return {
    connector: openConnector(sql),
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 1 });
      await pooler[Symbol.asyncDispose]();
    },
  };
});
