// Run by dbEdge.test.ts on the hosted runtime's version of Deno, with the address of a `notesDatabase` as argument.
import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";

const userId = "00000000-0000-4000-8000-000000000003";
const caller: Caller = {
  kind: "user",
  userId,
  role: "authenticated",
  isAnonymous: false,
  clientAddress: "127.0.0.1",
  claims: { sub: userId },
};
const open = (url: string, isPooled = false) =>
  createSqlClient({ url, isPooled, poolSize: 1, applicationName: "ballast/edge" });

for (const isPooled of [false, true]) {
  const client = open(Deno.args[0]!, isPooled);
  const db = callerDatabase(client, caller);
  for (let round = 0; round < 3; round++) {
    assert.deepEqual(await db.sql`select id from public.notes where id = ${13}`, [{ id: 13 }]);
    await assert.rejects(db.sql`insert into public.notes (body) values (${"note 1"})`, { code: "23505" });
    assert.equal(await db.transaction(async (sql) => (await sql`select id from public.notes`).length), 10);
    const abort = new AbortController();
    const sleeping = callerDatabase(client, caller, { signal: abort.signal }).sql`select pg_sleep(${30})`;
    setTimeout(() => abort.abort(new Error("enough")), 20);
    await assert.rejects(sleeping, { message: "enough" });
    assert.deepEqual(await adminDatabase(client).sql`select ${["a"]}::text[] as texts`, [{ texts: ["a"] }]);
  }
  await client.close();
}

// A server that takes connections and closes them at once ended the isolate before sockets told of it a little later.
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const accepting = (async () => {
  for await (const connection of listener) connection.close();
})();
const client = open(`postgres://postgres@127.0.0.1:${(listener.addr as Deno.NetAddr).port}/postgres`);
for (let round = 0; round < 20; round++) {
  await assert.rejects(callerDatabase(client, caller).sql`select 1`);
  await assert.rejects(adminDatabase(client).sql`select ${1}::int`);
}
await client.close();
listener.close();
await accepting;
