import assert from "node:assert/strict";
import fc from "fast-check";
import type postgres from "postgres";
import { postgresTagStore } from "../../supabase/functions/_shared/cache/tags/postgresTagStore.ts";
import type { TagStore } from "../../supabase/functions/_shared/cache/tags/tagStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import { cacheRig, someCache } from "../harness/cacheRig.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";

const pgbouncer = await findPgbouncer();

/** Isolates over one database, each with caches and a connection of its own. */
function openFleet(url: string, size: number, clock = new FakeClock()) {
  const pending = new Set<Promise<unknown>>();
  const closing = new AsyncDisposableStack();
  const isolates = Array.from({ length: size }, () => {
    const client = createSqlClient({ ...parseConnectionUrl(url), poolSize: 1, applicationName: "caches" });
    closing.defer(() => client.close());
    const store = postgresTagStore(() => adminDatabase(client));
    const watched: TagStore = {
      read(since, limit) {
        const reading = store.read(since, limit);
        pending.add(reading);
        return reading.finally(() => pending.delete(reading));
      },
      drop: (tags) => store.drop(tags),
    };
    const rig = cacheRig({ clock, tagStore: () => watched });
    return { ...rig, store, cache: rig.caches.open(someCache<number>({ ttl: 3_600_000 })) };
  });
  return {
    clock,
    isolates,
    /** Time passes only between looks: how long these take is the machine's affair. */
    async pass(ms: number): Promise<void> {
      await clock.advance(0);
      while (pending.size > 0) await Promise.all(pending);
      await clock.advance(ms);
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

async function makeThings(sql: postgres.Sql): Promise<void> {
  await sql`create table public.things (tag text primary key, version integer not null)`;
  await sql`insert into public.things select 'tag ' || n, 0 from generate_series(0, 2) n`;
}

const versionOf = async (sql: postgres.Sql, tag: string) =>
  (await sql<{ version: number }[]>`select version from public.things where tag = ${tag}`)[0]!.version;

Deno.test("a drop in the caller's own transaction counts from its commit, in every isolate", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await makeThings(sql);
  await using fleet = openFleet(database.url, 3);
  const ask = (number: number) =>
    fleet.isolates[number]!.cache.get("a", () => versionOf(sql, "tag 0"), { tags: ["tag 0"] });
  const all = () => Promise.all([ask(0), ask(1), ask(2)]);
  assert.deepEqual(await all(), [0, 0, 0]);
  await sql.begin(async (tx) => {
    await tx`update public.things set version = 1 where tag = 'tag 0'`;
    await tx`select resilience.drop_cache_tag('tag 0')`;
    await fleet.pass(5_000);
    assert.deepEqual(await all(), [0, 0, 0], "it was dropped before its commit");
  });
  await fleet.pass(1_051);
  assert.deepEqual(await all(), [1, 1, 1]);
  await sql.begin(async (tx) => {
    await tx`select resilience.drop_cache_tags(array['tag 1', 'tag 0'])`;
    throw new Error("taken back");
  }).catch(() => {});
  const [row] =
    await sql`select version::int, changed_at > now() - interval '1 hour' as "isNow" from resilience.cache_tags`;
  assert.deepEqual({ ...row }, { version: 1, isNow: true });
});

Deno.test("a drop whose transaction began before another's, and commits after a look, is not missed", async () => {
  await using database = await testDatabase();
  const { sql } = database;
  await makeThings(sql);
  await using fleet = openFleet(database.url, 1);
  const ask = (tag: string) => fleet.isolates[0]!.cache.get(tag, () => versionOf(sql, tag), { tags: [tag] });
  await ask("tag 0");
  await sql.begin(async (tx) => {
    await tx`update public.things set version = 1 where tag = 'tag 0'`;
    await tx`select resilience.drop_cache_tag('tag 0')`;
    await sql`select resilience.drop_cache_tag('tag 1')`; // A later transaction, and the look sees it.
    await fleet.pass(1_051);
    await ask("tag 1");
  });
  await fleet.pass(1_051);
  assert.equal(await ask("tag 0"), 1);
});

Deno.test("what is cached under the tag schema goes when a new version of the schema is recorded", async () => {
  await using database = await testDatabase();
  await using fleet = openFleet(database.url, 1);
  const versions = createSchemaVersionManager(database.url, { pollIntervalMs: 0 });
  try {
    await versions.initialize();
    let loads = 0;
    const ask = () => fleet.isolates[0]!.cache.get("shape", () => ++loads, { tags: ["schema"] });
    assert.equal(await ask(), 1);
    await database.sql`create table public.new_thing (id integer)`;
    await versions.check();
    await fleet.pass(1_051);
    assert.equal(await ask(), 2);
    await versions.check(); // Nothing has changed.
    await fleet.pass(1_051);
    assert.equal(await ask(), 2);
  } finally {
    await versions.close();
  }
});

type Step =
  | { readonly do: "begin" | "drop" | "get"; readonly isolate: number; readonly tag: number }
  | { readonly do: "commit"; readonly which: number }
  | { readonly do: "pass"; readonly ms: number };

const index = fc.nat({ max: 2 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        do: fc.constantFrom("begin" as const, "get" as const, "get" as const, "drop" as const),
        isolate: index,
        tag: index,
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("commit" as const), which: fc.nat() }) },
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(300, 1_000, 1_049, 2_500) }),
    },
  ),
  { minLength: 5, maxLength: 30 },
);

/** Two droppers of one tag wait for each other, as they would; the order in which they commit is Postgres's. */
async function play(database: TestDatabase, list: readonly Step[]): Promise<void> {
  const { sql } = database;
  await sql`update public.things set version = 0`;
  await using fleet = openFleet(database.url, 3);
  /** When each version of each tag was committed, at the latest. */
  const since = new Map<string, number[]>([0, 1, 2].map((tag) => [`tag ${tag}`, [0]]));
  const open: { commit: () => void; isWaiting: boolean; landed: Promise<void> }[] = [];

  async function begin(tag: string): Promise<void> {
    const [gate, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const one = { commit: gate.resolve, isWaiting: true, landed: Promise.resolve() };
    let version = 0;
    one.landed = sql.begin(async (tx) => {
      [{ version } = { version: 0 }] = await tx<{ version: number }[]>`
        update public.things set version = version + 1 where tag = ${tag} returning version`;
      await tx`select resilience.drop_cache_tag(${tag})`;
      one.isWaiting = false;
      written.resolve();
      await gate.promise;
    }).then(() => void (since.get(tag)![version] = fleet.clock.now()));
    const isFirst = !open.some((other) => (other as { tag?: string }).tag === tag);
    open.push(Object.assign(one, { tag }));
    if (isFirst) await written.promise;
  }

  async function get(isolate: number, tag: string): Promise<void> {
    const askedAt = fleet.clock.now();
    const version = await fleet.isolates[isolate]!.cache.get(tag, () => versionOf(sql, tag), { tags: [tag] });
    const replacedAt = since.get(tag)![version + 1] ?? Infinity;
    assert.ok(
      askedAt - replacedAt <= 1_050,
      `version ${version} of ${tag} was given ${askedAt - replacedAt} ms too late`,
    );
  }

  async function commit(which: number): Promise<void> {
    const ready = open.filter(({ isWaiting }) => !isWaiting);
    const one = ready[which % ready.length];
    if (one === undefined) return;
    open.splice(open.indexOf(one), 1);
    one.commit();
    await one.landed;
  }

  for (const step of list) {
    if (step.do === "pass") await fleet.pass(step.ms);
    else if (step.do === "commit") await commit(step.which);
    else if (step.do === "get") await get(step.isolate, `tag ${step.tag}`);
    else if (step.do === "begin" && open.length < 5) await begin(`tag ${step.tag}`);
    else if (step.do === "drop" && open.every((one) => (one as { tag?: string }).tag !== `tag ${step.tag}`)) {
      await fleet.isolates[step.isolate]!.caches.dropTag(`tag ${step.tag}`);
    }
  }
  for (const { commit } of open) commit();
  await Promise.all(open.map(({ landed }) => landed));
  await fleet.pass(1_051);
  for (const tag of since.keys()) {
    for (const isolate of [0, 1, 2]) {
      const version = await fleet.isolates[isolate]!.cache.get(tag, () => versionOf(sql, tag), { tags: [tag] });
      assert.equal(version, await versionOf(sql, tag), `an invalidation of ${tag} was lost`);
    }
  }
}

Deno.test("over a real Postgres no isolate serves what has been out of date for more than 1.05 s", async () => {
  await using database = await testDatabase();
  await makeThings(database.sql);
  const seed = Date.now() % 2 ** 31;
  await fc.assert(fc.asyncProperty(steps, (list) => play(database, list)), { seed, numRuns: 12, endOnFailure: true });
});

Deno.test("droppers of several tags in any order do not deadlock", async () => {
  await using database = await testDatabase();
  await using fleet = openFleet(database.url, 4);
  const tags = Array.from({ length: 16 }, (_, number) => `tag ${number}`);
  const dropping = Array.from(
    { length: 40 },
    (_, round) => fleet.isolates[round % 4]!.caches.dropTags(round % 2 === 0 ? tags : [...tags].reverse()),
  );
  await Promise.all(dropping);
  const [row] = await database.sql`select sum(version)::int as drops, count(*)::int as tags from resilience.cache_tags`;
  assert.deepEqual({ ...row }, { drops: 640, tags: 16 });
});

Deno.test(
  { name: "isolates drop tags through a pooler in transaction mode", ignore: pgbouncer === undefined },
  async () => {
    await using database = await testDatabase();
    await using pooler = await startPgbouncer(pgbouncer!, database.url);
    await using fleet = openFleet(pooler.url, 2);
    let loads = 0;
    const ask = () => fleet.isolates[1]!.cache.get("a", () => ++loads, { tags: ["t"] });
    await ask();
    await fleet.isolates[0]!.caches.dropTag("t");
    await fleet.pass(1_051);
    assert.equal(await ask(), 2);
  },
);

Deno.test("tags are nobody's but the service's, and what no tag may be is refused by name", async () => {
  await using database = await testDatabase();
  const as = (role: string, statement: string) =>
    database.sql.begin(async (sql) => {
      await sql`select set_config('role', ${role}, true)`;
      return await sql.unsafe(statement);
    });
  const statements = [
    "select * from resilience.cache_tags",
    "select resilience.drop_cache_tag('a')",
    "select resilience.drop_cache_tags(array['a'])",
    "select resilience.read_cache_tags(null, 10)",
    "select resilience.purge_cache_tags(now(), 10, false)",
  ];
  for (const role of ["anon", "authenticated"]) {
    for (const statement of statements) await assert.rejects(as(role, statement), { code: "42501" }, statement);
  }
  for (const statement of statements) await as("service_role", statement);
  const refused = { code: "23514", constraint_name: "tag_is_short" };
  await assert.rejects(as("service_role", "select resilience.drop_cache_tag('')"), refused);
  await assert.rejects(as("service_role", "select resilience.drop_cache_tag(repeat('x', 201))"), refused);
});
