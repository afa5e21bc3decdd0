import assert from "node:assert/strict";
import postgres from "postgres";
import { freePort } from "../../local/database/freePort.ts";
import { openConnector } from "../../supabase/functions/_shared/connect/openConnector.ts";
import { postgresConnector } from "../../supabase/functions/_shared/connect/postgresConnector.ts";
import { driverRunner } from "../../supabase/functions/_shared/connect/driverRunner.ts";
import { failureOf, things, valueOf } from "./connectExpectations.ts";
import { table, thingsDatabase } from "./connectFixture.ts";

Deno.test("a connection that is lost under a statement leaves its outcome unknown, and the next one works", async () => {
  await using database = await thingsDatabase();
  await database.sql.unsafe(`create function public.slow() returns void language sql as 'select pg_sleep(30)'`);
  const connector = openConnector(database.url, { applicationName: "ballast/cut" });
  await using _closing = { [Symbol.asyncDispose]: () => connector.close() };
  valueOf(await connector.insert(things, [{ code: "a" }]));
  const running = connector.rpc(table("slow"), {});
  const terminate = () =>
    database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'ballast/cut' and state = 'active' and query like '%slow%'`;
  while ((await terminate()).length === 0);
  const failure = failureOf(await running);
  // Whether the server's word, the reset or the closing is noticed first is a matter of luck; all of them say the same.
  assert.ok(["57P01", "ECONNRESET", "CONNECTION_CLOSED"].includes(failure.code), failure.code);
  assert.deepEqual([failure.kind, failure.isOutcomeUnknown], ["connection_lost", true]);
  let next = await connector.insert(things, [{ code: "b" }]);
  // A statement that comes between the reset and the closing is lost with the connection.
  if (next.failure?.kind === "connection_lost") next = await connector.insert(things, [{ code: "b" }]);
  valueOf(next);
});

Deno.test("where nobody listens nothing ran", async () => {
  const nobody = openConnector(`postgres://postgres:x@127.0.0.1:${freePort()}/postgres`);
  const { kind, isOutcomeUnknown } = failureOf(await nobody.insert(things, [{ code: "a" }]));
  assert.deepEqual([kind, isOutcomeUnknown], ["never_ran", false]);
  await nobody.close();
});

Deno.test("somebody's client is not closed, and its own types stay its own", async () => {
  await using database = await thingsDatabase();
  const price = { to: 1700, from: [1700], serialize: String, parse: Number };
  const sql = postgres(database.url, { max: 1, types: { price } });
  try {
    const connector = openConnector(sql);
    const [row] = valueOf(await connector.insert(things, [{ code: "a", price: "0.5" }]));
    assert.equal(row!.price, 0.5);
    await connector.close();
    assert.equal((await sql`select 1 as one`)[0]!.one, 1);
  } finally {
    await sql.end();
  }
});

Deno.test("inside a transaction a failure is told once, and a rollback takes all back", async () => {
  await using database = await thingsDatabase();
  await assert.rejects(
    database.sql.begin(async (tx) => {
      const connector = postgresConnector(driverRunner(tx));
      valueOf(await connector.insert(things, [{ code: "a" }]));
      assert.equal(failureOf(await connector.insert(things, [{ code: "a" }])).code, "23505");
      assert.equal(failureOf(await connector.insert(things, [{ code: "b" }])).code, "25P02");
      throw new Error("back");
    }),
  );
  assert.equal((await database.sql`select from public.things`).length, 0);
});
