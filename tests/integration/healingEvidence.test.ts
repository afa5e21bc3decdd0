import assert from "node:assert/strict";
import { evidenceSources } from "../../supabase/functions/_shared/healing/evidence/evidenceSources.ts";
import { createPatternShelf } from "../../supabase/functions/_shared/healing/evidence/patternShelf.ts";
import { postgresColumnStatistics } from "../../supabase/functions/_shared/healing/evidence/postgresColumnStatistics.ts";
import { postgresQuestionClaims } from "../../supabase/functions/_shared/healing/evidence/postgresQuestionClaims.ts";
import { weighEvidence } from "../../supabase/functions/_shared/healing/evidence/weighEvidence.ts";
import type { AiMode } from "../../supabase/functions/_shared/healing/evidence/aiEvidence.ts";
import { changePattern } from "../../supabase/functions/_shared/healing/patterns/changePattern.ts";
import { approve, reject } from "../../supabase/functions/_shared/healing/patterns/patternTransitions.ts";
import { postgresPatternStore } from "../../supabase/functions/_shared/healing/patterns/postgresPatternStore.ts";
import { createNameHistory } from "../../supabase/functions/_shared/schema/nameHistory.ts";
import { type FakeMappingAdvisor, fakeMappingAdvisor } from "../harness/fakeMappingAdvisor.ts";
import { type EvidenceDatabase, evidenceDatabase } from "./healingEvidenceFixture.ts";

/** What an isolate has: its own caches over the same database. */
function openIsolate({ admin: { sql } }: EvidenceDatabase, advisor?: FakeMappingAdvisor, mode: AiMode = "apply") {
  const store = postgresPatternStore(sql);
  const shelf = createPatternShelf(store);
  const history = createNameHistory(sql);
  const errors: unknown[] = [];
  const sources = evidenceSources({
    history,
    shelf,
    matcher: { statistics: postgresColumnStatistics(sql), onError: (error) => errors.push(error) },
    ai: { advisor, mode, claims: postgresQuestionClaims(sql), patterns: store, onError: (error) => errors.push(error) },
  });
  return {
    store,
    shelf,
    history,
    errors,
    async weigh(question: ReturnType<EvidenceDatabase["question"]>) {
      const weighed = await weighEvidence(question, sources, { onError: (error) => errors.push(error) });
      assert.deepEqual(errors, []);
      const said = weighed.answers.map(({ name, column, strategy }) => `${strategy}: ${name}>${column?.name}`);
      return { ...weighed, said };
    },
  };
}

Deno.test("columns are followed through renames, swaps and drops, and never guessed once they are gone", async () => {
  await using database = await evidenceDatabase();
  const { weigh } = openIsolate(database);
  const told = async (row: Record<string, unknown>) => {
    const { said, undecided } = await weigh(database.question(row));
    return [...said, ...undecided];
  };

  await database.change("alter table public.orders rename total to amount");
  assert.deepEqual(await told({ total: 5 }), ["catalog_rename: total>amount"]);
  await database.change("alter table public.orders rename amount to gross");
  assert.deepEqual(await told({ total: 5 }), ["catalog_rename: total>gross"], "twice");
  assert.deepEqual(await told({ amount: 5, total: 6 }), ["amount", "total"], "two names of one column");
  assert.deepEqual(await told({ amount: 5, gross: 6 }), ["amount"], "a column that is filled");

  await database.change(`alter table public.orders rename gross to x; alter table public.orders rename tax to gross;
    alter table public.orders rename x to tax`);
  assert.deepEqual(await told({ total: 5 }), ["catalog_rename: total>tax"], "swapped");
  assert.deepEqual(await told({ gross: 1, tax: 2 }), [], "names that columns have are nobody's question");

  await database.change(
    "alter table public.orders rename tax to sum; alter table public.orders add total numeric(10, 2)",
  );
  assert.deepEqual(await told({ tax: 5 }), ["catalog_rename: tax>sum"]);
  await database.change("alter table public.orders drop total; alter table public.orders add totals numeric(10, 2)");
  assert.deepEqual(
    await told({ total: 5 }),
    ["catalog_rename: total>undefined"],
    "added again and dropped, near a twin",
  );
  await database.change("alter table public.orders drop sum");
  assert.deepEqual(await told({ tax: 5, amount: 6 }), [
    "catalog_rename: tax>undefined",
    "catalog_rename: amount>undefined",
  ]);
});

Deno.test("a table dropped and made again has no past, and its former self's name is not lent to another", async () => {
  await using database = await evidenceDatabase();
  const { history, weigh } = openIsolate(database);
  const tableOf = async (name: string) => {
    const oid = (await history.formerTables("public", [name], database.schema().version)).get(name);
    return oid && (database.schema().snapshot.tables.find((table) => table.oid === oid)?.name ?? "gone");
  };
  await database.change("alter table public.orders rename note to zzz");
  await database.change("drop table public.orders");
  await database.change("create table public.orders (id bigint primary key, zzz text)");
  assert.deepEqual((await weigh(database.question({ note: "x" }))).said, []);

  await database.change("alter table public.orders rename to sales");
  assert.equal(await tableOf("orders"), "sales");
  await database.change("alter table public.sales rename to turnover");
  assert.deepEqual([await tableOf("orders"), await tableOf("sales")], ["turnover", "turnover"]);
  await database.change("create table public.orders (id bigint primary key)");
  await database.change("drop table public.orders");
  assert.equal(await tableOf("orders"), "gone");
  assert.equal(await tableOf("nothing"), undefined);
});

Deno.test("a table that comes back with the same identity has no past: the server may have given its oid anew", async () => {
  await using database = await evidenceDatabase();
  const { weigh } = openIsolate(database);
  await database.change("alter table public.orders rename note to zzz; alter table public.orders rename tax to levy");
  assert.deepEqual((await weigh(database.question({ note: 1 }))).said, ["catalog_rename: note>zzz"]);
  await database.change("create schema attic; alter table public.orders set schema attic");
  await database.change("alter table attic.orders set schema public");
  await database.change("alter table public.orders rename id to number");
  const { said } = await weigh(database.question({ note: 1, id: 2 }));
  assert.deepEqual(said, ["catalog_rename: id>number"]);
});

Deno.test("a history sees what the schema has seen, without being told to forget", async () => {
  await using database = await evidenceDatabase();
  const { weigh } = openIsolate(database);
  assert.deepEqual((await weigh(database.question({ zzz: 1 }))).said, []);
  await database.change("alter table public.orders rename note to zzz");
  await database.change("alter table public.orders rename zzz to comment");
  assert.deepEqual((await weigh(database.question({ zzz: 1 }))).said, ["catalog_rename: zzz>comment"]);
});

Deno.test("patterns: on probation named, approved certain, rejected not given again by anybody", async () => {
  await using database = await evidenceDatabase();
  const { store, shelf, weigh } = openIsolate(database);
  const question = () => database.question({ totl: 5, zzz: 6 });
  const { table, schema } = question();
  const proposal = (key: string, column: string) => ({
    tableOid: table.oid,
    tableSchema: "public",
    tableName: "orders",
    key,
    targetAttnum: table.columns.find(({ name }) => name === column)!.attnum,
    targetColumn: column,
    strategy: "matcher",
    coercion: null,
    schemaHash: schema.hash,
  });
  const proposed = await store.propose([proposal("zzz", "tax"), proposal("totl", "total")]);
  const [zzz, totl] = ["zzz", "totl"].map((wanted) => proposed.find(({ key }) => key === wanted)!);
  const before = await weigh(question());
  assert.deepEqual(before.said, ["matcher: totl>total"]);
  assert.ok(before.considered.some(({ name, strategy }) => name === "zzz" && strategy === "pattern"));

  await changePattern(store, zzz!.id, (pattern) => approve(pattern, "ann"));
  await changePattern(store, totl!.id, (pattern) => reject(pattern, "ann"));
  shelf.forget(table.oid);
  const after = await weigh(question());
  assert.deepEqual([after.said, after.undecided], [["operator: zzz>tax"], ["totl"]]);
  assert.equal(after.answers[0]?.patternId, zzz!.id);
});

Deno.test("of 20 questions at once in two isolates one reaches the advisor, and all payloads can use what it said", async () => {
  await using database = await evidenceDatabase();
  const advisor = fakeMappingAdvisor({ zzz: "note" }, { delayMs: 20 });
  const isolates = [openIsolate(database, advisor), openIsolate(database, advisor)];
  const question = () => database.question({ zzz: "hello" });
  const all = await Promise.all(Array.from({ length: 20 }, (_, at) => isolates[at % 2]!.weigh(question())));
  assert.equal(advisor.asked.length, 1);
  // The other isolate knows it where it looks after the answer.
  const knowing = all.filter(({ said }) => said[0] === "ai: zzz>note").length;
  assert.ok(knowing >= 10, `the isolate that asked: ${knowing}`);
  assert.deepEqual(advisor.asked[0]!.keys, [{ key: "zzz", shapes: ["text, 5 chars, word-like, letters"] }]);

  isolates.forEach(({ shelf }) => shelf.forget());
  const later = [...isolates, openIsolate(database, advisor)];
  for (const { weigh } of later) assert.deepEqual((await weigh(question())).said, ["ai: zzz>note"]);
  assert.equal(advisor.asked.length, 1, "nor does an isolate that starts later ask");
  const [pattern] = await isolates[0]!.store.list();
  assert.deepEqual([pattern?.key, pattern?.strategy, pattern?.state.kind], ["zzz", "ai", "probation"]);

  await database.change("alter table public.orders add extra int");
  await isolates[0]!.weigh(question());
  assert.equal(advisor.asked.length, 2, "another schema version is another question");
});

Deno.test("an advisor's proposals decide nothing by default, and questions of a table are bounded", async () => {
  await using database = await evidenceDatabase();
  const advisor = fakeMappingAdvisor({ zzz: "note" });
  const { weigh } = openIsolate(database, advisor, "propose");
  const { said, undecided, considered } = await weigh(database.question({ zzz: "hello" }));
  assert.deepEqual([said, undecided], [[], ["zzz"]]);
  assert.ok(considered.some(({ name, strategy }) => name === "zzz" && strategy === "ai"));

  const claims = postgresQuestionClaims(database.admin.sql, { mostPerTable: 3 });
  const claim = (digit: string) =>
    claims.claim({ tableOid: 7, keyShape: digit.repeat(64), schemaHash: "f".repeat(64) });
  assert.deepEqual([await claim("1"), await claim("1"), await claim("2"), await claim("3"), await claim("4")], [
    true,
    false,
    true,
    true,
    false,
  ]);
  assert.ok(await claims.claim({ tableOid: 7, keyShape: "1".repeat(64), schemaHash: "e".repeat(64) }));
  const race = await Promise.all(
    Array.from(
      { length: 8 },
      () => claims.claim({ tableOid: 8, keyShape: "5".repeat(64), schemaHash: "f".repeat(64) }),
    ),
  );
  assert.equal(race.filter((isOurs) => isOurs).length, 1);
});

Deno.test("statistics come by column, as text the matcher reads, of every type there is", async () => {
  await using database = await evidenceDatabase();
  await database.change(`create type public.mood as enum ('calm', 'wild');
    create table public.things (id int primary key, mail text, is_on boolean, tags int[], mood public.mood, meta jsonb, day date,
      area box, shape point, long text, empty text);
    create table public.parts (id int, at date) partition by range (at);
    create table public.parts_now partition of public.parts for values from ('2020-01-01') to ('2030-01-01')`);
  await database.sql.unsafe(
    `insert into public.things select n, 'u' || n || '@x.org', n % 2 = 0, array[1, n % 3], 'calm',
      '{"a": 1}', date '2020-01-01' + n, '((0,0),(1,1))', '(1,1)', repeat('x', 500 + n % 3) from generate_series(1, 500) n;
    insert into public.parts select n, date '2020-01-01' + n from generate_series(1, 50) n;
    analyze public.things; analyze public.parts`,
  );
  const reader = postgresColumnStatistics(database.admin.sql);
  const read = async (name: string) => {
    const { table } = database.question({}, name);
    const statistics = await reader.read(table.oid);
    return new Map(table.columns.map((column) => [column.name, statistics.get(column.attnum)?.sampleValues ?? []]));
  };
  const things = await read("things");
  assert.ok(
    things.get("mail")!.length >= 20 && things.get("mail")!.every((mail) => /^u\d+@x\.org$/.test(String(mail))),
  );
  assert.deepEqual(new Set(things.get("is_on")), new Set([true, false]));
  assert.deepEqual(things.get("mood"), ["calm"]);
  assert.match(String(things.get("day")![0]), /^202\d-\d\d-\d\d$/);
  assert.ok(things.get("long")!.every((text) => String(text).length === 200));
  for (const name of ["tags", "empty", "shape"]) assert.deepEqual(things.get(name), []);
  assert.ok((await read("parts")).get("at")!.length > 0, "a partitioned table's own");
  assert.equal((await reader.read(4_000_000_000)).size, 0);
});

Deno.test("a role that may not read a table gets no statistics of it, and no error", async () => {
  await using database = await evidenceDatabase();
  await database.sql.unsafe(
    "insert into public.orders select n, n, n, 'n' from generate_series(1, 99) n; analyze public.orders",
  );
  const { table } = database.question({});
  assert.ok((await postgresColumnStatistics(database.admin.sql).read(table.oid)).size > 0);
  const statistics = await database.admin.transaction(async (sql) => {
    await sql`set local role anon`;
    return await postgresColumnStatistics(sql).read(table.oid);
  });
  assert.equal(statistics.size, 0);
});
