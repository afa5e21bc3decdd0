import assert from "node:assert/strict";
import { changePattern } from "../../supabase/functions/_shared/healing/patterns/changePattern.ts";
import { learnOutcomes } from "../../supabase/functions/_shared/healing/patterns/learnOutcomes.ts";
import type { PatternStore } from "../../supabase/functions/_shared/healing/patterns/patternStore.ts";
import { approve, reject } from "../../supabase/functions/_shared/healing/patterns/patternTransitions.ts";
import { postgresPatternStore } from "../../supabase/functions/_shared/healing/patterns/postgresPatternStore.ts";
import { rescopePatterns } from "../../supabase/functions/_shared/healing/patterns/rescopePatterns.ts";
import { schemaHash } from "../../supabase/functions/_shared/healing/patterns/testing/patternFixture.ts";
import { hashSnapshot } from "../../supabase/functions/_shared/schema/hashSnapshot.ts";
import { readSnapshot } from "../../supabase/functions/_shared/schema/readSnapshot.ts";
import { healingDatabase } from "./healingFixture.ts";

const proposal = {
  tableOid: 7,
  tableSchema: "public",
  tableName: "people",
  key: "mail",
  targetAttnum: 2,
  targetColumn: "email",
  strategy: "matcher",
  coercion: null,
  schemaHash,
};

async function proposed(store: PatternStore, count: number) {
  return await store.propose(Array.from({ length: count }, (_, n) => ({ ...proposal, key: `mail${n}` })));
}

Deno.test("equal proposals become one pattern, whoever makes them and however many at once", async () => {
  await using database = await healingDatabase();
  const store = postgresPatternStore(database.admin.sql);
  const rounds = await Promise.all(
    ["matcher", "ai", "naming", "matcher"].map((strategy) =>
      store.propose([{ ...proposal, strategy }, { ...proposal, strategy: "x" }, { ...proposal, coercion: "to_text" }])
    ),
  );
  assert.equal(new Set(rounds.flat().map(({ id }) => id)).size, 2);
  const pattern = (await store.list({ tableOids: [7] })).find(({ coercion }) => coercion === null);
  assert.deepEqual({ ...pattern, id: "", strategy: "" }, {
    ...proposal,
    id: "",
    strategy: "",
    state: { kind: "probation" },
    outcomes: { successes: 0, failures: 0 },
    version: 1,
  });
  assert.deepEqual(await store.list({ tableOids: [8] }), []);
});

Deno.test("no outcome is lost or doubled when many isolates tell batches in any order, and each pattern moves once", async () => {
  await using database = await healingDatabase(8);
  const store = postgresPatternStore(database.admin.sql);
  const patterns = await proposed(store, 6);
  const moved = await Promise.all(Array.from({ length: 40 }, (_, isolate) => {
    const told = patterns.map(({ id }) => ({ patternId: id, successes: 2, failures: 0 }));
    if (isolate % 2) told.reverse();
    return learnOutcomes(store, [...told, ...told]);
  }));
  const after = await store.list();
  assert.deepEqual(after.map(({ outcomes }) => outcomes), patterns.map(() => ({ successes: 160, failures: 0 })));
  assert.deepEqual(after.map(({ state }) => state.kind), patterns.map(() => "active"));
  assert.equal(moved.flat().length, patterns.length);
});

Deno.test("a decision on an old version does not count, and is taken again on the new one", async () => {
  await using database = await healingDatabase();
  const store = postgresPatternStore(database.admin.sql);
  const [pattern] = await proposed(store, 1);
  await store.addOutcomes([{ patternId: pattern!.id, successes: 1, failures: 0 }]);
  assert.equal(await store.save(approve(pattern!, "ann")), undefined);
  let saves = 0;
  const raced: PatternStore = {
    ...store,
    async save(next) {
      // Somebody tells an outcome between the reading and the writing, once.
      if (saves++ === 0) await store.addOutcomes([{ patternId: next.id, successes: 0, failures: 1 }]);
      return await store.save(next);
    },
  };
  const approved = await changePattern(raced, pattern!.id, (current) => approve(current, "ann", "checked"));
  assert.equal(saves, 2);
  assert.deepEqual([approved?.state, approved?.outcomes], [
    { kind: "approved", decidedBy: "ann", reason: "checked" },
    { successes: 1, failures: 1 },
  ]);
  assert.equal(await changePattern(store, crypto.randomUUID(), (current) => current), undefined);
});

Deno.test("what was rejected counts no outcomes and stays the answer to its proposal; what expired makes room", async () => {
  await using database = await healingDatabase();
  const store = postgresPatternStore(database.admin.sql);
  const [first] = await store.propose([proposal]);
  const rejected = await changePattern(store, first!.id, (pattern) => reject(pattern, "bob", "wrong"));
  assert.deepEqual(await store.addOutcomes([{ patternId: first!.id, successes: 99, failures: 0 }]), []);
  assert.deepEqual((await store.propose([proposal]))[0], rejected);
  await changePattern(store, first!.id, (pattern) => ({ ...pattern, state: { kind: "expired", reason: "gone" } }));
  const [second] = await store.propose([proposal]);
  assert.notEqual(second!.id, first!.id);
  assert.deepEqual((await store.list()).map(({ id }) => id), [second!.id]);
  assert.deepEqual((await store.find(first!.id))?.state, { kind: "expired", reason: "gone" });
});

Deno.test("after a migration patterns follow their columns or expire, once, however many isolates see to it", async () => {
  await using database = await healingDatabase();
  const { sql } = database.admin;
  const store = postgresPatternStore(sql);
  const look = async () => {
    const snapshot = await readSnapshot(sql, ["public"]);
    return { snapshot, hash: await hashSnapshot(snapshot) };
  };
  const before = await look();
  const contacts = before.snapshot.tables.find(({ oid }) => oid === database.contactsOid)!;
  const attnum = (name: string) => contacts.columns.find((column) => column.name === name)!.attnum;
  const base = { ...proposal, tableOid: contacts.oid, tableName: "contacts", schemaHash: before.hash };
  const made = await store.propose([
    { ...base, key: "mail", targetAttnum: attnum("email"), targetColumn: "email" },
    { ...base, key: "tint", targetAttnum: attnum("hue"), targetColumn: "hue" },
  ]);
  await learnOutcomes(store, made.map(({ id }) => ({ patternId: id, successes: 40, failures: 0 })));
  await database.sql`alter table public.contacts rename column email to address`;
  await database.sql`alter table public.contacts drop column hue`;
  const after = await look();
  const schemaOf = (hash: string) => Promise.resolve(hash === before.hash ? before.snapshot : undefined);
  const changed = await Promise.all(Array.from({ length: 4 }, () => rescopePatterns(store, after, schemaOf)));
  assert.equal(changed.flat().length, 2);
  assert.deepEqual(
    (await store.list()).map(({ key, targetColumn, state, schemaHash }) => [key, targetColumn, state.kind, schemaHash]),
    [["mail", "address", "active", after.hash]],
  );
  assert.deepEqual(await rescopePatterns(store, after, schemaOf), []);
});
