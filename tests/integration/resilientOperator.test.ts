import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import {
  createResilientDb,
  type DbResult,
  type ResilientDb,
} from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { exactJson } from "../../supabase/functions/_shared/healing/ledger/exactJson.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { postgresHealingLedger } from "../../supabase/functions/_shared/healing/ledger/postgresHealingLedger.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import { startPostgrestStandIn } from "../postgrest/postgrestStandIn.ts";
import { ann, eve, type HealingDatabase, healingDatabase } from "./healingFixture.ts";

const annId = "00000000-0000-4000-8000-000000000001";
const quiet = { schemaPollMs: 0 };

/** The data of a result that must have succeeded. */
function dataOf<Data>({ data, error }: DbResult<Data>): Data {
  if (error !== null) throw new Error(`${error.code}: ${error.message}`, { cause: error });
  return data;
}

const codeOf = ({ error }: DbResult<unknown>) => error?.code;

/** A database with table `goods`, seen by a watcher of the schema before and after each change. */
async function goodsDatabase() {
  const database = await healingDatabase();
  await database.sql.unsafe(`
    create table public.goods (
      id bigint primary key, title text, price numeric(30, 10), seen_at timestamptz, total bigint,
      kind text not null default 'plain', needed text not null
    );
    alter table public.goods enable row level security;
    grant all on public.goods to service_role, postgres;
  `);
  const watched = createSchemaVersionManager(database.sql);
  await watched.initialize();
  await watched.close();
  async function change(ddl: string) {
    const versions = createSchemaVersionManager(database.sql);
    await versions.initialize();
    await database.sql.unsafe(ddl);
    await versions.check();
    await versions.close();
  }
  const db = createResilientDb(database.url, { ...quiet, poolSize: 4 });
  return {
    ...database,
    db,
    change,
    async [Symbol.asyncDispose]() {
      await db.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

const goods = (database: HealingDatabase) =>
  database.sql<Record<string, unknown>[]>`select * from public.goods order by 1`;

const asText = (rows: readonly { text: string; isExact: boolean }[]) =>
  rows.map(({ text, isExact }) => [text, isExact]);

Deno.test("reconstruct rebuilds to the letter what a heal's rows were sent as, by id and by row", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const payload = {
    id: 9007199254740993n,
    Title: "a",
    price: "12.5000000001",
    seenAt: "2026-11-25T10:00:00.123456Z",
    needed: "x",
    odd: { nul: "\u0000", wide: 12345678901234567890n, list: [1.5, null] },
  };
  const written = await db.insert("goods", payload);
  const [row] = dataOf(written);
  const { id } = written.healing[0]!;
  const exact = [[exactJson(payload), true]];
  const rebuilt = dataOf(await db.reconstruct(id));
  assert.deepEqual(asText(rebuilt), exact);
  assert.equal(exactJson(rebuilt[0]!.payload), exactJson(payload));
  assert.deepEqual(asText(dataOf(await db.reconstruct({ table: "goods", row: row! }))), exact);
  assert.deepEqual(asText(dataOf(await db.reconstruct(row!))), exact);

  await database.change("alter table public.goods rename column title to headline");
  assert.deepEqual(asText(dataOf(await db.reconstruct(id))), exact);
  await database.sql`update public.goods set headline = 'b'`;
  assert.deepEqual(dataOf(await db.reconstruct(id)).map(({ isExact }) => isExact), [false]);

  const [plain] = dataOf(await db.insert("goods", { id: 2, needed: "y" }));
  assert.equal(codeOf(await db.reconstruct({ ...plain })), "INVALID_CALL");
  const own = dataOf(await db.reconstruct({ table: "goods", row: { id: 2 } }));
  assert.deepEqual(own.map(({ payload, isExact }) => [payload["needed"], isExact]), [["y", false]]);
  assert.equal(codeOf(await db.reconstruct(crypto.randomUUID())), "NOT_FOUND");
  assert.equal(codeOf(await db.reconstruct("no id")), "NOT_FOUND");
  assert.equal(codeOf(await db.reconstruct({ table: "goods", row: { title: "a" } })), "INVALID_CALL");
});

Deno.test("undo sets the values aside in every row that still holds them, once, and nothing heals that way again", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const payloads = [1, "2", 3].map((id) => ({ id, Title: `t${id}`, needed: "x" }));
  const first = await db.insert("goods", payloads[0]!);
  dataOf(first);
  for (const payload of payloads.slice(1)) dataOf(await db.insert("goods", payload)); // By the compiled plan.
  const { id, strategy } = first.healing[0]!;
  assert.equal(strategy, "convention");
  await db.flush();
  const noted = await database.sql`select cardinality(key_hashes) as rows from resilience.noted_rows`;
  assert.deepEqual(noted.map(({ rows }) => rows), [2]);
  await database.sql`update public.goods set title = 'changed' where id = 3`;

  const note = { by: "ann", reason: "no title" };
  const undone = await Promise.all([db.undo(id, note), db.undo(id, note), db.undo(id, note)]);
  const told = undone.map((result) => codeOf(result) ?? String(result.data?.rows));
  assert.deepEqual(told.sort(), ["2", "UNDONE_ALREADY", "UNDONE_ALREADY"]);
  assert.deepEqual((await goods(database)).map(({ title }) => title), [null, null, "changed"]);
  const texts = dataOf(await db.reconstruct(id)).filter(({ isExact }) => isExact).map(({ text }) => text);
  assert.deepEqual(texts.sort(), payloads.slice(0, 2).map((payload) => JSON.stringify(payload)).sort());

  const { text, heal, pattern } = dataOf(await db.explain(id));
  assert.match(text, /"Title" was taken for "title"/);
  assert.match(text, /by ann: no title/);
  assert.equal(heal.undone?.by, "ann");
  assert.deepEqual([pattern?.state.kind, pattern?.outcomes.failures], ["rejected", 1]);
  const again = await db.insert("goods", { id: 4, Title: "t4", needed: "x" });
  dataOf(again);
  assert.deepEqual(again.healing.map(({ to }) => to), [undefined]);
  assert.deepEqual(dataOf(await db.replay()).moved, []);

  // Who thinks better of it approves: what was set aside moves back, but not over what stands there by now.
  const [approved] = dataOf(await db.patterns());
  assert.equal(dataOf(await db.approve(approved!.id, { by: "ann" })).state.kind, "approved");
  assert.deepEqual((await goods(database)).map(({ title }) => title), ["t1", "t2", "changed", "t4"]);
  assert.equal((await db.insert("goods", { id: 5, Title: "t5", needed: "x" })).healing[0]?.strategy, "operator");
  assert.equal(dataOf(await db.reject(approved!.id)).state.kind, "rejected");
  assert.equal((await db.insert("goods", { id: 6, Title: "t6", needed: "x" })).healing[0]?.to, undefined);
});

Deno.test("what one isolate decides is heeded by the others, half a minute later at most", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const clock = new FakeClock();
  await using closing = new AsyncDisposableStack();
  const waiting: Promise<unknown>[] = [];
  const waitUntil = (work: Promise<unknown>) => void waiting.push(work);
  const other = createResilientDb(database.url, { ...quiet, clock, waitUntil });
  closing.defer(() => other.close());
  let id = 0;
  const healOf = async (by: ResilientDb) => {
    const { error, healing } = await by.insert("goods", { id: ++id, Title: `t${id}`, needed: "x" });
    assert.equal(error, null);
    return healing[0]!;
  };
  const first = await healOf(db);
  assert.equal((await healOf(other)).to, "title");
  assert.equal((await healOf(other)).to, "title");
  await other.flush();
  dataOf(await db.undo(first.id));
  await clock.advance(29_000);
  assert.equal((await healOf(other)).to, "title");
  await clock.advance(2_000);
  await healOf(other); // It is this one that looks, behind its answer.
  await other.flush();
  await Promise.all(waiting);
  assert.equal((await healOf(other)).to, undefined);
});

Deno.test("undo takes back a value that was made to fit, down to the microsecond", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const payload = { id: 1, SeenAt: "2026-11-25T10:00:00.123456Z", Total: 9007199254740993n, needed: "x" };
  const written = await db.insert("goods", payload);
  dataOf(written);
  for (const { id } of written.healing) assert.deepEqual(dataOf(await db.undo(id)), { rows: 1 });
  const [row] = await goods(database);
  assert.deepEqual([row?.["seen_at"], row?.["total"]], [null, null]);
  assert.deepEqual(asText(dataOf(await db.reconstruct(written.healing[0]!.id))), [[exactJson(payload), true]]);
});

Deno.test("undo changes nothing where a column must not be empty, and empties to the default where there is one", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const written = await db.insert("goods", { id: 1, Kind: "odd", Needed: "x", stray: 1 });
  dataOf(written);
  const heal = (from: string) => written.healing.find((each) => each.from === from)!.id;
  assert.equal(codeOf(await db.undo(heal("Needed"))), "CANNOT_UNDO");
  assert.equal(dataOf(await db.explain(heal("Needed"))).heal.undone, undefined);
  assert.equal(codeOf(await db.undo(heal("stray"))), "NOTHING_TO_UNDO");
  assert.deepEqual(dataOf(await db.undo(heal("Kind"))), { rows: 1 });
  assert.deepEqual((await goods(database)).map(({ kind, needed }) => [kind, needed]), [["plain", "x"]]);
  assert.equal(codeOf(await db.undo(crypto.randomUUID())), "NOT_FOUND");
});

Deno.test("ten replays at once land each letter once, with its records, however wide its numbers", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const payloads = Array.from({ length: 12 }, (_, n) => ({
    id: 9007199254740993n + BigInt(n),
    Title: `t${n}`,
    price: "1.0000000001",
    needed: null,
    extra: "\u0000",
  }));
  const ids: string[] = [];
  for (const payload of payloads) ids.push(...(await db.insert("goods", payload)).error!.deadLetterIds);
  assert.equal(ids.length, 12);
  const hopeless = dataOf(await db.replay({ ids: ids.slice(0, 1) }));
  assert.deepEqual(hopeless.stillDead, [{ id: ids[0], code: "23502" }]);

  await database.change("alter table public.goods alter column needed drop not null");
  const others = Array.from({ length: 9 }, () => createResilientDb(database.url, { ...quiet, poolSize: 2 }));
  const reports = await Promise.all([db, ...others].map((each) => each.replay({ table: "goods" })));
  await Promise.all(others.map((each) => each.close()));
  assert.deepEqual(reports.flatMap((each) => dataOf(each).landed).sort(), ids.toSorted());
  assert.deepEqual(reports.flatMap((each) => dataOf(each).stillDead), []);
  const rows = await goods(database);
  assert.deepEqual(rows.map(({ id, title }) => [id, title]), payloads.map(({ id, Title }) => [String(id), Title]));
  const texts = await Promise.all(rows.map((row) => rebuiltText(db, row)));
  assert.deepEqual(texts, payloads.map(exactJson));
  assert.deepEqual(dataOf(await db.replay()), { landed: [], stillDead: [], moved: [], kept: [] });
});

async function rebuiltText(db: ResilientDb, row: Record<string, unknown>) {
  const [rebuilt] = dataOf(await db.reconstruct({ table: "goods", row }));
  return rebuilt?.isExact ? rebuilt.text : undefined;
}

Deno.test("a letter lands under the rights of whoever wrote it, and of nobody else", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  await database.sql`alter table public.contacts add constraint hue_is_small check (hue < 10)`;
  const writes = [[ann, annId], [eve, annId]] as const;
  const letters: string[] = [];
  for (const [caller, owner] of writes) {
    const id = crypto.randomUUID();
    letters.push(id);
    await database.as(caller).transaction((sql) =>
      postgresHealingLedger(sql).keepDeadLetters([{
        id,
        table: { schema: "public", name: "contacts" },
        operation: "insert",
        payload: JSON.stringify({ owner, Email: "a@b", hue: 1.25 }),
        errorCode: "23514",
      }])
    );
  }
  const report = dataOf(await db.replay({ ids: letters }));
  assert.deepEqual(report.landed, [letters[0]]);
  assert.deepEqual(report.stillDead, [{ id: letters[1], code: "42501" }]);
  const kept = await database.sql`select owner, email, hue from public.contacts`;
  assert.deepEqual(kept.map((row) => ({ ...row })), [{ owner: annId, email: "a@b", hue: "1.25" }]);
  const [letter] = await postgresHealingLedger(database.admin.sql).listDeadLetters({ ids: [letters[1]!] });
  assert.deepEqual([letter?.attempts, letter?.settled], [2, undefined]);
});

Deno.test("rescued fields move once their column is there, those that do not fit stay and are said to", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const values = ["1,234.50", "2.5", "blue", 3];
  for (const [n, stray] of values.entries()) {
    dataOf(await db.insert("goods", { id: n, needed: "x", stray }));
  }
  assert.deepEqual(dataOf(await db.replay()).moved, []);
  await database.change("alter table public.goods add column stray numeric(10, 2)");
  const { moved, kept } = dataOf(await db.replay({ since: new Date(0) }));
  assert.deepEqual([moved.map(({ column }) => column), kept.map(({ key, reason }) => [key, reason])], [
    ["stray", "stray", "stray"],
    [["stray", "does_not_fit"]],
  ]);
  assert.deepEqual((await goods(database)).map(({ stray }) => stray), ["1234.50", "2.50", null, "3.00"]);
  const texts = await Promise.all((await goods(database)).map((row) => rebuiltText(db, row)));
  assert.deepEqual(texts, values.map((stray, id) => JSON.stringify({ id, needed: "x", stray })));
  assert.equal(codeOf(await db.replay({ since: "yesterday" })), "INVALID_CALL");
});

Deno.test("letters of every kind of statement are sent again with all that they were told", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  const wide = 9007199254740993n;
  for (const id of [wide, 2n, 3n]) dataOf(await db.insert("goods", { id, needed: "x", title: "old" }));
  await database.change("alter table public.goods add constraint frozen check (title = 'old' or title is null)");
  const letters = [
    await db.update("goods", { Title: "new", price: "0.0000000001" }, { id: wide }),
    await db.upsert("goods", { id: 2, title: "newer", needed: "x" }, { onConflict: "id" }),
  ].flatMap(({ error }) => error!.deadLetterIds);
  await database.sql`alter table public.goods drop constraint frozen`;
  letters.push(crypto.randomUUID());
  await postgresHealingLedger(database.admin.sql).keepDeadLetters([{
    id: letters[2]!,
    table: { schema: "public", name: "goods" },
    operation: "delete",
    payload: "{}",
    argumentsText: '{"match":{"id":3}}',
    errorCode: "57014",
  }]);
  assert.deepEqual(new Set(dataOf(await db.replay({ ids: letters })).landed), new Set(letters));
  const rows = await goods(database);
  assert.deepEqual(rows.map(({ id, title, price }) => [id, title, price]), [
    ["2", "newer", null],
    [String(wide), "new", "0.0000000001"],
  ]);
});

Deno.test("where all columns together are a row's key, undo and reconstruct still find it", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  await database.change("create table public.pages (name text, hits int)");
  await database.sql`grant all on public.pages to service_role, postgres`;
  const payload = { Name: "a", hits: 1, extra: true };
  const written = await db.insert("pages", payload);
  dataOf(written);
  const { id } = written.healing.find(({ from }) => from === "Name")!;
  assert.deepEqual(dataOf(await db.undo(id)), { rows: 1 });
  const rows = await database.sql`select name, hits from public.pages`;
  assert.deepEqual(rows.map((row) => ({ ...row })), [{ name: null, hits: 1 }]);
  assert.deepEqual(asText(dataOf(await db.reconstruct(id))), [[JSON.stringify(payload), true]]);
  const row = { name: null, hits: 1 };
  assert.deepEqual(asText(dataOf(await db.reconstruct({ table: "pages", row }))), [[JSON.stringify(payload), true]]);
});

Deno.test("a field moves to the column that its own column has become", async () => {
  await using database = await goodsDatabase();
  const { db } = database;
  dataOf(await db.insert("goods", { id: 1, needed: "x", colour: "red" }));
  await database.change("alter table public.goods add column colour text");
  await database.change("alter table public.goods rename column colour to hue");
  await database.change("alter table public.goods rename column id to good_id");
  const { moved } = dataOf(await db.replay({ table: "goods" }));
  assert.deepEqual(moved.map(({ key, column }) => [key, column]), [["colour", "hue"]]);
  assert.deepEqual((await goods(database)).map(({ hue }) => hue), ["red"]);
});

Deno.test("what was written through PostgREST is rebuilt and undone through the ledger's own connection", async () => {
  await using database = await goodsDatabase();
  await using standIn = await startPostgrestStandIn(database.url);
  const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
  const client = createClient(standIn.url, standIn.secretKey, { auth });
  const db = createResilientDb(client, { ...quiet, ledger: database.url });
  const payload = { id: 1, Title: "a", price: 12.5, needed: "x" };
  const written = await db.insert("goods", payload);
  dataOf(written);
  const { id } = written.healing.find(({ from }) => from === "Title")!;
  assert.deepEqual(asText(dataOf(await db.reconstruct(id))), [[JSON.stringify(payload), true]]);
  assert.deepEqual(dataOf(await db.undo(id)), { rows: 1 });
  assert.deepEqual((await goods(database)).map(({ title, price }) => [title, price]), [[null, "12.5000000000"]]);
  assert.deepEqual(asText(dataOf(await db.reconstruct(id))), [[JSON.stringify(payload), true]]);
  await db.close();
});

Deno.test("without a ledger every call says so", async () => {
  const auth = { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false };
  const db = createResilientDb(createClient("http://127.0.0.1:9", "key", { auth }));
  const calls = [db.replay(), db.undo("a"), db.explain("a"), db.reconstruct("a"), db.patterns(), db.approve("a")];
  for (const result of await Promise.all([...calls, db.reject("a")])) assert.equal(codeOf(result), "NO_LEDGER");
  await db.close();
});
