import { createClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { startPostgrestStandIn } from "../postgrest/postgrestStandIn.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";
import { testResilientDb } from "./resilientContract.ts";

const quiet = { schemaPollMs: 0 };

testResilientDb({
  name: "a connection string",
  hasTransactions: true,
  open(database) {
    const db = createResilientDb(database.url, { ...quiet, poolSize: 2 });
    return Promise.resolve({ db, [Symbol.asyncDispose]: () => db.close() });
  },
});

testResilientDb({
  name: "a postgres.js client",
  hasTransactions: true,
  open(database) {
    const sql = postgres(database.url, { max: 3, onnotice: () => {} });
    const db = createResilientDb(sql, quiet);
    const close = () => db.close().then(() => sql.end({ timeout: 1 }));
    return Promise.resolve({ db, [Symbol.asyncDispose]: close });
  },
});

const pgbouncer = await findPgbouncer();

testResilientDb({
  name: `a transaction-mode pooler${pgbouncer === undefined ? " (SKIPPED: pgbouncer is not installed)" : ""}`,
  ignore: pgbouncer === undefined,
  hasTransactions: true,
  async open(database) {
    const pooler = await startPgbouncer(pgbouncer!, database.url);
    const db = createResilientDb(pooler.url, { ...quiet, poolSize: 2 });
    return { db, [Symbol.asyncDispose]: () => db.close().then(() => pooler[Symbol.asyncDispose]()) };
  },
});

testResilientDb({
  name: "supabase-js with a ledger",
  hasTransactions: false,
  async open(database) {
    const standIn = await startPostgrestStandIn(database.url);
    const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
    const client = createClient(standIn.url, standIn.secretKey, { auth });
    const db = createResilientDb(client, { ...quiet, ledger: database.url });
    return { db, [Symbol.asyncDispose]: () => db.close().then(() => standIn[Symbol.asyncDispose]()) };
  },
});
