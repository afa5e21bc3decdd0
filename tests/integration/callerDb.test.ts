import assert from "node:assert/strict";
import { answerOf } from "../../supabase/functions/_shared/healing/client/answerOf.ts";
import { AppError } from "../../supabase/functions/_shared/errors/appError.ts";
import { toAppError } from "../../supabase/functions/_shared/http/toAppError.ts";
import { callerDb } from "../../supabase/functions/_shared/http/callerDb.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { openSharedHealing } from "../../supabase/functions/_shared/healing/client/sharedHealing.ts";
import { callerDbOf } from "../harness/callerDbOf.ts";
import { client, notesDatabase, publishable, user } from "./dbFixture.ts";
import { dbProxy } from "./dbProxy.ts";
import { addContact, ann, eve, healingDatabase } from "./healingFixture.ts";

const request = new Request("http://localhost/");

Deno.test("callerDb: what one caller's write taught heals the next one's, each under their own rights", async () => {
  await using database = await healingDatabase();
  await using dbs = callerDbOf(database);
  await addContact(database.as(ann).sql, "kept@example.com");
  await database.sql`alter table public.contacts rename column email to mail`;
  const written = await dbs.as(ann).insert("contacts", { email: "ann@example.com" });
  const owners = [answerOf(written)[0]!.owner];
  assert.equal(written.healing.length, 1, "the renamed column was not healed");
  const again = await dbs.as(eve).insert("contacts", { email: "eve@example.com" });
  owners.push(answerOf(again)[0]!.owner);
  assert.deepEqual([again.attempts, owners], [1, [ann, eve].map((who) => who.kind === "user" && who.userId)]);
  await dbs.flush();
  const noted = await database.sql`select distinct writer_role from resilience.noted_rows`;
  assert.deepEqual([...noted], [{ writer_role: "authenticated" }], "a user's row was noted as the kernel's own");
  const taken = await dbs.as(eve).update("contacts", { email: "stolen@example.com" }, { id: 1 });
  assert.deepEqual(answerOf(taken), [], "a row of somebody else was changed");
  const seen = await dbs.as(eve).sql`select mail from public.contacts`;
  assert.deepEqual(seen, [{ mail: "eve@example.com" }]);
  const [ledger] = await database.sql`select count(*)::int as heals from resilience.healing_events`;
  assert.ok(ledger!.heals >= 1, "the ledger has no row");
  await assert.rejects(dbs.as(eve).sql`select id from resilience.healing_events`, { code: "42501" });
  const refused = await dbs.as(publishable).insert("contacts", { email: "nobody@example.com" });
  assert.equal(toAppError(refused.error, request).code, "forbidden");
});

Deno.test("callerDb: a function's call takes one round trip, and its own refusals reach the caller", async () => {
  await using database = await notesDatabase();
  await database.sql.unsafe(`
    create function public.refuse(p_status text) returns void language plpgsql set search_path = '' as $$
    begin
      raise exception 'Cannot do it as %', p_status using errcode = 'BL' || p_status, detail = 'status';
    end $$;
    create function public.collide() returns void language plpgsql set search_path = '' as $$
    begin
      raise serialization_failure;
    end $$;
    create function public.twice(p_value int) returns int language sql immutable set search_path = '' as 'select p_value * 2';
    grant execute on function public.refuse(text), public.collide(), public.twice(int) to authenticated`);
  await using proxy = dbProxy(database.url);
  await using one = client(proxy.url);
  const healing = openSharedHealing(adminDatabase(one));
  const as = (number: number) => callerDb(callerDatabase(one, user(number)), () => Promise.resolve(healing));
  for (const number of [1, 1, 2]) assert.equal(answerOf(await as(number).rpc("twice", { p_value: 21 })), 42);
  proxy.takeRoundTrips();
  await as(3).rpc("twice", { p_value: 4 });
  assert.equal(proxy.takeRoundTrips(), 1, "claims, role and call travel as one message");
  for (
    const [status, code] of [["403", "forbidden"], ["404", "not_found"], ["409", "conflict"], ["422", "invalid_input"]]
  ) {
    const { error } = await as(1).rpc("refuse", { p_status: status });
    const told = toAppError(error, request);
    assert.deepEqual([told.code, told.message], [code, `Cannot do it as ${status}`]);
    if (status === "422") assert.equal((told as AppError<"invalid_input">).details?.issues[0]?.path, "status");
  }
  proxy.takeRoundTrips();
  await as(4).rpc("refuse", { p_status: "404" });
  assert.equal(proxy.takeRoundTrips(), 1, "a refusal made the call before look at the signature again");
  const inTransaction = async (number: number) => {
    answerOf(await as(number).transaction(async (tx) => answerOf(await tx.rpc("twice", { p_value: number }))));
    return proxy.takeRoundTrips();
  };
  proxy.takeRoundTrips();
  const first = await inTransaction(5);
  assert.deepEqual(
    [first, await inTransaction(6)],
    [4, 3],
    "the signature is known to it; the statement is once it has run",
  );
  const gone = callerDb(callerDatabase(one, user(1)), () => Promise.resolve(healing), { signal: AbortSignal.abort() });
  assert.equal((await gone.rpc("collide")).attempts, 1, "tried again for somebody who has left");
  await healing.close();
});
