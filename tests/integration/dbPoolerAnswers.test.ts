import assert from "node:assert/strict";
import postgres from "postgres";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { driverRunner } from "../../supabase/functions/_shared/connect/driverRunner.ts";
import { laneRunner } from "../../supabase/functions/_shared/connect/laneRunner.ts";
import { postgresConnector } from "../../supabase/functions/_shared/connect/postgresConnector.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import { driverDatabase } from "../../supabase/functions/_shared/db/driverDatabase.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { table } from "./connectFixture.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";
import { client } from "./dbFixture.ts";

const pgbouncer = await findPgbouncer();
const skipped = pgbouncer === undefined ? " (SKIPPED: pgbouncer is not installed, 'apt-get install pgbouncer')" : "";

/** A statement without parameters, and one with them for a table that is locked. */
interface TwoStatements extends AsyncDisposable {
  plain(): Promise<unknown>;
  locked(): Promise<unknown>;
}

const statementsOf = ({ sql }: Database) => ({
  plain: () => sql`select 'plain' as name`,
  locked: () => sql`select name from public.locked where name = ${"locked"}`,
});

function connectorStatements(connector: ReturnType<typeof postgresConnector>) {
  return {
    plain: async () => (await connector.select(table("plain"), {})).value,
    locked: async () => (await connector.select(table("locked"), { match: { name: "locked" } })).value,
  };
}

const ways: Record<string, (url: string) => TwoStatements> = {
  "the database": (url) => {
    const made = client(url, { isPooled: true });
    return { ...statementsOf(adminDatabase(made)), [Symbol.asyncDispose]: () => made.close(1) };
  },
  "a connector": (url) => {
    const made = client(url, { isPooled: true });
    return { ...connectorStatements(postgresConnector(laneRunner(made))), [Symbol.asyncDispose]: () => made.close(1) };
  },
  "the database of somebody's client": (url) => {
    const sql = postgres(url, { max: 1, prepare: false, onnotice: () => {} });
    return { ...statementsOf(driverDatabase(sql)), [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
  },
  "a connector on somebody's client": (url) => {
    const sql = postgres(url, { max: 1, prepare: false, onnotice: () => {} });
    const statements = connectorStatements(postgresConnector(driverRunner(sql)));
    return { ...statements, [Symbol.asyncDispose]: () => sql.end({ timeout: 1 }) };
  },
};

async function within<T>(ms: number, work: Promise<T>): Promise<T | "no answer"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise<"no answer">((resolve) => timer = setTimeout(resolve, ms, "no answer"));
  return await Promise.race([work, isLate]).finally(() => clearTimeout(timer));
}

// A pooler gives a server connection to the next client as soon as a statement has been answered. What had travelled
// behind it by then, not yet complete, was answered to whoever came next, and its sender waited for ever.
for (const [name, open] of Object.entries(ways)) {
  Deno.test({
    name: `${name}: behind a pooler each statement gets its own answer, whoever comes next${skipped}`,
    ignore: pgbouncer === undefined,
    async fn() {
      await using database = await testDatabase();
      await database.sql.unsafe(`
        create table public.plain (name text);
        insert into public.plain values ('plain');
        create table public.locked (name text);
        insert into public.locked values ('locked');
      `);
      await using pooler = await startPgbouncer(pgbouncer!, database.url, { poolSize: 1 });
      const url = pooler.url.replace("?pgbouncer=true", "");
      await using ours = open(url);
      await using neighbour = client(url, { isPooled: true });
      await ours.plain(); // What comes first opens the connection.

      let asked: Promise<unknown>[] = [];
      await database.sql.begin(async (sql) => {
        await sql`lock table public.locked in access exclusive mode`;
        asked = [ours.plain(), ours.locked()];
        const isWaiting = async () => {
          const [row] = await sql`select from pg_locks where relation = 'public.locked'::regclass and not granted`;
          return row !== undefined;
        };
        assert.ok(await waitUntil(isWaiting, { timeoutMs: 10_000 }));
        asked.push(adminDatabase(neighbour).sql`select ${"neighbour"} as name`);
      });
      const answers = asked.map((answer) => answer.catch(String));
      const each = await within(10_000, Promise.all(answers));
      assert.deepEqual(each, [[{ name: "plain" }], [{ name: "locked" }], [{ name: "neighbour" }]]);
    },
  });
}
