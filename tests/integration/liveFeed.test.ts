import assert from "node:assert/strict";
import { type LivePage, postgresLiveFeed } from "../../supabase/functions/_domains/live/liveFeed.ts";
import { answerOf } from "../../supabase/functions/_shared/healing/client/answerOf.ts";
import type { CallerDb } from "../../supabase/functions/_shared/http/callerDb.ts";
import { callerDbOf, userCaller } from "../harness/callerDbOf.ts";
import { addCategory, addProduct, addUser, addVendor } from "../harness/marketOf.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

const feedOf = (db: CallerDb, sessionKey?: string) => postgresLiveFeed(db, sessionKey, crypto.randomUUID());

async function track(db: CallerDb, productId: string, sessionKey: string | null = null) {
  const events = [{ eventId: crypto.randomUUID(), type: "click", productId }];
  const answer = answerOf(await db.rpc("personalization.track", { p_session_key: sessionKey, p_events: events }));
  assert.deepEqual((answer as unknown as { results: string[] }).results, ["recorded"]);
}

async function addProducts({ sql }: TestDatabase, count: number): Promise<string[]> {
  const [vendorId, categoryId] = [await addVendor(sql), await addCategory(sql, "milk")];
  return await Promise.all(
    Array.from({ length: count }, (_, n) => addProduct(sql, { vendorId, categoryId, name: `M ${n}` })),
  );
}

const outbox = async ({ sql }: TestDatabase) =>
  (await sql`select count(*)::integer as count from live.outbox`)[0]!.count as number;

Deno.test("whoever follows several writers of one profile sees every change once, in the order of versions", async () => {
  await using database = await testDatabase();
  await using dbs = callerDbOf(database, 8);
  const ann = dbs.as(userCaller(await addUser(database.sql)));
  const products = await addProducts(database, 40);
  const feed = feedOf(ann);
  let page: LivePage = await feed.look(undefined);
  const seen: string[] = [];
  const left = [...products];
  const writer = async () => {
    for (let product = left.pop(); product !== undefined; product = left.pop()) await track(ann, product);
  };
  let isWriting = true;
  const follower = (async () => {
    while (isWriting || seen.length < products.length) {
      const next = await feed.look(page.version);
      assert.equal(next.isStale, false, `a version between ${page.version} and ${next.version} was skipped`);
      assert.ok(next.version >= page.version);
      assert.equal(next.productIds.length, next.version - page.version);
      seen.push(...next.productIds);
      page = next;
    }
  })();
  await Promise.all([writer(), writer(), writer(), writer()]).finally(() => isWriting = false);
  await follower;
  assert.deepEqual(seen.toSorted(), products.toSorted());
});

Deno.test("what changed while nobody was listening is known to be missing; without listeners nothing is kept", async () => {
  await using database = await testDatabase();
  await using dbs = callerDbOf(database);
  const ann = dbs.as(userCaller(await addUser(database.sql)));
  const [milk, oats] = await addProducts(database, 2);
  await track(ann, milk!);
  assert.equal(await outbox(database), 0);
  const feed = feedOf(ann);
  const { version } = await feed.look(undefined);
  await track(ann, oats!);
  assert.deepEqual((await feed.look(version)).productIds, [oats]);
  await feed.leave();
  await track(ann, milk!);
  const again = await feed.look(version + 1);
  assert.deepEqual([again.isStale, again.version], [true, version + 2]);
  // An hour later the rest is not kept either.
  await database.sql`update live.outbox set created_at = now() - interval '61 minutes'`;
  assert.equal((await feed.look(version)).isStale, true);
  await track(ann, milk!);
  assert.equal(await outbox(database), 1, "what is old did not go with what came");
  assert.deepEqual((await feed.look(again.version)).productIds, [milk]);
});

Deno.test("nobody follows anybody but themselves, and whoever is nobody follows nothing", async () => {
  await using database = await testDatabase();
  await using dbs = callerDbOf(database);
  const key = "k".repeat(32);
  const ann = dbs.as(userCaller(await addUser(database.sql)));
  const eve = dbs.as(userCaller(await addUser(database.sql)));
  const guest = dbs.as({ kind: "publishable", keyName: "default", clientAddress: "127.0.0.1" });
  const [milk] = await addProducts(database, 1);
  const feeds = [feedOf(ann), feedOf(eve), feedOf(guest, key), feedOf(ann, key)] as const;
  for (const feed of feeds) await feed.look(undefined);
  await track(ann, milk!);
  const pages = await Promise.all(feeds.map((feed) => feed.look(0)));
  assert.deepEqual(pages.map(({ productIds }) => productIds), [[milk], [], [], [milk]]);
  await assert.rejects(feedOf(guest).look(undefined), { code: "BL422" });
  await assert.rejects(feedOf(guest, "short").look(undefined), { code: "BL422" });
  const { error } = await ann.rpc("live.purge", { p_limit: 1, p_is_dry_run: false }, { deadLetter: false });
  assert.ok(error !== null, "a shopper may purge");
  // A stream's end says nothing about somebody else's stream.
  const [stream] = await database.sql`select stream_id as id, subject_id from live.listeners limit 1`;
  await postgresLiveFeed(guest, "x".repeat(32), stream!.id as string).leave();
  assert.equal((await database.sql`select 1 from live.listeners`).length, 4);
});

Deno.test("decisions about a profile ring for its streams: merging, forgetting, opting out", async () => {
  await using database = await testDatabase();
  await using dbs = callerDbOf(database);
  const userId = await addUser(database.sql);
  const ann = dbs.as(userCaller(userId));
  const [milk] = await addProducts(database, 1);
  let onRing = (_subject: string) => {};
  const { unlisten } = await database.sql.listen("ballast_live", (payload) => onRing(payload));
  /** Ends once it has rung for each of these, and for nobody else. */
  const ring = async (subjects: readonly string[], decide: () => PromiseLike<unknown>) => {
    const awaited = new Set(subjects);
    const rung = Promise.withResolvers<void>();
    onRing = (subject) => {
      if (!subjects.includes(subject)) rung.reject(new Error(`It rang for ${subject}`));
      awaited.delete(subject);
      if (awaited.size === 0) rung.resolve();
    };
    await decide();
    await rung.promise;
  };
  const guest = dbs.as({ kind: "publishable", keyName: "default", clientAddress: "127.0.0.1" });
  const key = "k".repeat(32);
  const sessionFeed = feedOf(guest, key);
  const session = await sessionFeed.look(undefined);
  await ring([session.subject], () => track(guest, milk!, key));
  await ring([session.subject, userId], () => ann.rpc("personalization.merge_session", { p_session_key: key }));
  assert.equal((await sessionFeed.look(undefined)).state, "session_is_over");
  const feed = feedOf(ann);
  const before = await feed.look(undefined);
  await ring([userId], () => track(ann, milk!));
  await ring([userId], () => ann.rpc("personalization.forget_me", { p_session_key: null }));
  // Erasing took the lease along: the stream looks once more, and so is heard of again.
  assert.notEqual((await feed.look(undefined)).forgottenAt, before.forgottenAt);
  await ring(
    [userId],
    () => database.sql`update personalization.subjects set opted_out_at = now() where id = ${userId}`,
  );
  assert.equal((await feed.look(undefined)).state, "opted_out");
  await unlisten();
});
