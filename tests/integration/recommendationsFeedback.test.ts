import assert from "node:assert/strict";
import { giveFeedback } from "../../supabase/functions/_domains/recommendations/feedback/giveFeedback.ts";
import { readOutcomes } from "../../supabase/functions/_domains/recommendations/feedback/readOutcomes.ts";
import { recommendFor } from "../../supabase/functions/_domains/recommendations/recommendFor.ts";
import { toAppError } from "../../supabase/functions/_shared/http/toAppError.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { callerDbOf, userCaller } from "../harness/callerDbOf.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { client, publishable } from "./dbFixture.ts";
import { addShopper, idOf, recommendingFor, stockMarket, teach } from "./recommendationsFixture.ts";

const session = "a-session-key-of-a-visitor";

Deno.test("feedback: kept for its subject, honoured at once, taken back, and nobody else's", async (test) => {
  await using database = await testDatabase();
  const { sql } = database;
  await stockMarket(sql, [
    { name: "Oat drink", category: "dairy/milk", attributes: ["vegan"], popularity: 0.9 },
    { name: "Soy drink", category: "dairy/milk", attributes: ["vegan"], popularity: 0.8 },
    { name: "Rye bread", category: "bakery/bread", popularity: 0.7 },
    { name: "Butter", category: "dairy/fat", popularity: 0.6 },
  ]);
  const vera = await addShopper(sql, "vera");
  const otto = await addShopper(sql, "otto");
  await teach(sql, vera, { "attribute:vegan": 0.5 });
  await using shop = recommendingFor(database);
  await using dbs = callerDbOf(database);
  const row = async (caller: string | typeof publishable, key?: string) => {
    const { items, recommendationId } = await recommendFor(shop.as(caller), key, { kind: "for-you" });
    await shop.settled();
    return { recommendationId, names: items.map(({ product }) => product.name) };
  };
  const say = async (
    caller: string | typeof publishable,
    recommendationId: string,
    name: string,
    action: "dismiss" | "not_interested" | "undo" | "helpful",
    sessionKey?: string,
  ) => {
    const db = dbs.as(typeof caller === "string" ? userCaller(caller) : caller);
    try {
      const input = { recommendationId, productId: idOf("product", name), action };
      return (await giveFeedback(input, { db, sessionKey })).dismissed;
    } catch (error) {
      throw toAppError(error, new Request("http://x"));
    }
  };
  const versionOf = async (id: string) =>
    (await sql<{ version: string }[]>`select version from personalization.subjects where id = ${id}`)[0]!.version;

  await test.step("dismissed, it is gone with the next row; undone, it is back", async () => {
    const { recommendationId: id, names } = await row(vera);
    assert.equal(names[0], "Oat drink");
    const before = await versionOf(vera);
    await sql`insert into live.listeners (subject_id, stream_id, until)
      values (${vera}, gen_random_uuid(), now() + interval '1 minute')`;
    assert.equal(await say(vera, id, "Oat drink", "dismiss"), "dismiss");
    assert.equal(await say(vera, id, "Oat drink", "dismiss"), "dismiss", "twice is once");
    assert.equal(Number(await versionOf(vera)), Number(before) + 1, "changed once");
    const told = await sql`select subject_id from live.outbox`;
    assert.deepEqual(told.map(({ subject_id }) => subject_id), [vera], "whoever listens is told once");
    assert.ok(!(await row(vera)).names.includes("Oat drink"));
    assert.ok((await row(otto)).names.includes("Oat drink"), "another shopper's row has changed");
    assert.equal(await say(vera, id, "Oat drink", "undo"), null);
    assert.ok((await row(vera)).names.includes("Oat drink"));
  });

  await test.step("not interested: what is like it comes later", async () => {
    const { recommendationId: id, names } = await row(vera);
    assert.ok(names.indexOf("Soy drink") < names.indexOf("Butter"));
    await say(vera, id, "Oat drink", "not_interested");
    const after = (await row(vera)).names;
    assert.ok(!after.includes("Oat drink"));
    assert.ok(after.indexOf("Soy drink") > after.indexOf("Butter"), after.join());
    await say(vera, id, "Oat drink", "undo");
  });

  await test.step("somebody else's row, an unknown row, and a product that was not in it are refused", async () => {
    const { recommendationId: id } = await row(vera);
    await assert.rejects(say(otto, id, "Oat drink", "dismiss"), { code: "not_found" });
    await assert.rejects(say(publishable, id, "Oat drink", "dismiss", session), { code: "not_found" });
    await assert.rejects(say(vera, crypto.randomUUID(), "Oat drink", "dismiss"), { code: "not_found" });
    await assert.rejects(say(vera, id, "Unheard of", "dismiss"), { code: "invalid_input" });
    const [kept] = await sql`select count(*)::int as count from recommendations.dismissals`;
    assert.equal(kept!.count, 0);
  });

  await test.step("a session may speak for itself; nobody known may not", async () => {
    const { recommendationId: id } = await row(publishable, session);
    await assert.rejects(say(publishable, id, "Rye bread", "dismiss"), { code: "invalid_input" });
    assert.equal(await say(publishable, id, "Rye bread", "dismiss", session), "dismiss");
    assert.ok(!(await row(publishable, session)).names.includes("Rye bread"));
    assert.ok((await row(publishable, `${session}-of-another`)).names.includes("Rye bread"));
  });

  await test.step("a row is its shopper's before anything is known of them", async () => {
    const { recommendationId: id } = await row(publishable, "a-session-never-seen-before");
    await assert.rejects(say(publishable, id, "Butter", "dismiss", session), { code: "not_found" });
    assert.equal(await say(publishable, id, "Butter", "dismiss", "a-session-never-seen-before"), "dismiss");
  });

  await test.step("what was said moves along at sign-in, where the user's own word stands, and goes with erasure", async () => {
    const key = "a-session-that-will-sign-in";
    const { recommendationId: id } = await row(publishable, key);
    await say(publishable, id, "Butter", "not_interested", key);
    await say(publishable, id, "Rye bread", "dismiss", key);
    const own = await row(otto);
    await say(otto, own.recommendationId, "Butter", "dismiss");
    const { sql: asOtto } = dbs.as(userCaller(otto));
    await asOtto`select personalization.merge_session(${key})`;
    const said = () =>
      sql<{ product_id: string; action: string }[]>`
        select product_id, action from recommendations.dismissals where subject_id = ${otto} order by action, product_id`;
    assert.deepEqual(
      new Map((await said()).map(({ product_id, action }) => [product_id, action])),
      new Map([[idOf("product", "Butter"), "dismiss"], [idOf("product", "Rye bread"), "dismiss"]]),
    );
    await assert.rejects(say(publishable, id, "Soy drink", "dismiss", key), { code: "conflict" });
    assert.equal(await say(otto, id, "Soy drink", "dismiss"), "dismiss", "the session's row is the user's by now");
    await asOtto`select personalization.forget_me(null)`;
    assert.deepEqual([...await said()], []);
  });

  await test.step("tables are closed to shoppers", async () => {
    for (const relation of ["dismissals", "praises", "shelves", "outcomes", "on_sale"]) {
      const { sql: as } = dbs.as(userCaller(vera));
      const read = relation === "dismissals" ? as`select * from recommendations.dismissals` : sql.begin(async (tx) => {
        await tx`set local role authenticated`;
        return await tx.unsafe(`select * from recommendations.${relation}`);
      });
      await assert.rejects(Promise.resolve(read), { code: "42501" }, relation);
    }
  });

  await test.step("shoppers may call what answers them, and nothing that takes a subject", async () => {
    const open = await sql<{ name: string }[]>`
      select p.proname as name from pg_proc p
      where p.pronamespace = 'recommendations'::regnamespace and has_function_privilege('anon', p.oid, 'execute') order by 1`;
    assert.deepEqual(open.map(({ name }) => name), ["cards", "gather", "take_feedback"]);
  });

  await test.step("outcomes: shown, clicked, bought in time, dismissed, by kind", async () => {
    await sql`delete from personalization.shown_lists`;
    await sql`delete from recommendations.dismissals`;
    const { recommendationId: id } = await row(vera);
    const event = (signal: string, name: string, days: number) =>
      sql`insert into personalization.interactions (event_id, occurred_at, subject_id, signal, product_id, list_id, strength, raw)
        values (gen_random_uuid(), now() + make_interval(days => ${days}), ${vera}, ${signal}, ${
        idOf("product", name)
      }, ${id}, 0.2, '{}')`;
    await event("click", "Oat drink", 0);
    await event("click", "Oat drink", 0);
    await event("purchase", "Oat drink", 0);
    await event("purchase", "Butter", 8);
    await say(vera, id, "Rye bread", "dismiss");
    await say(vera, id, "Oat drink", "helpful");
    await using connection = client(database.url);
    const { outcomes } = await readOutcomes({ days: 7 }, { admin: adminDatabase(connection), clock: systemClock });
    assert.deepEqual(outcomes, [
      { kind: "for-you", model: null, arm: null, lists: 1, shown: 4, clicked: 1, bought: 1, dismissed: 1, helpful: 1 },
    ]);
  });
});
