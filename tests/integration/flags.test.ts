import assert from "node:assert/strict";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { cachedFlagReader } from "../../supabase/functions/_shared/flags/cachedFlagReader.ts";
import { evaluateFlag } from "../../supabase/functions/_shared/flags/evaluateFlag.ts";
import type { FlagSettings } from "../../supabase/functions/_shared/flags/featureFlag.ts";
import { FlagCache } from "../../supabase/functions/_shared/flags/flagCache.ts";
import type { ChangeResult, FlagStore } from "../../supabase/functions/_shared/flags/flagStore.ts";
import { postgresFlagStore } from "../../supabase/functions/_shared/flags/postgresFlagStore.ts";
import { rolloutLadder } from "../../supabase/functions/_shared/flags/rolloutLadder.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

const note = { changedBy: "key:default", reason: "a test" };
const settings = (some: Partial<FlagSettings> = {}): FlagSettings => ({
  description: "The new checkout",
  isEnabled: true,
  rolloutPercent: 50,
  isPublic: true,
  allowedSubjects: [],
  deniedSubjects: [],
  ...some,
});

/** A store over a connection of its own, as an isolate has it. */
function connectStore(database: TestDatabase): FlagStore & AsyncDisposable {
  const client = createSqlClient({
    ...parseConnectionUrl(database.url),
    poolSize: 2,
    applicationName: "ballast/flags-test",
  });
  return { ...postgresFlagStore(adminDatabase(client)), [Symbol.asyncDispose]: () => client.close() };
}

function changed(result: ChangeResult) {
  assert.equal(result.kind, "changed", `the change came to ${result.kind}`);
  return result.kind === "changed" ? result.flag : assert.fail();
}

Deno.test("flags keep all their settings, awkward subjects included", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  const awkward = ['user:"a",{b}', "visitor:\\", "visitor:NULL", "visitor:\u00e9\u{1f600}", ""];
  const flag = changed(await store.put("new-checkout", settings({ allowedSubjects: awkward }), 0, note));
  assert.deepEqual(await store.find("new-checkout"), flag);
  assert.deepEqual(flag.allowedSubjects, awkward);
  assert.deepEqual(await store.list(), [flag]);
  assert.equal(flag.version, 1);
});

Deno.test("a roll-out up the ladder is spread evenly, sticky, and never loses anyone", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  const random = seededRandom(25);
  const subjects = Array.from({ length: 10_000 }, () => `user:${random.uuid()}`);
  let flag = changed(await store.put("new-checkout", settings({ rolloutPercent: 0 }), 0, note));
  let before = new Set<string>();
  for (const percent of rolloutLadder) {
    flag = changed(await store.change("new-checkout", () => ({ rolloutPercent: percent }), flag.version, note));
    const isIn = new Set(subjects.filter((subject) => evaluateFlag(flag, subject)));
    assert.ok(before.isSubsetOf(isIn), `someone fell out at ${percent} %`);
    const again = new Set(subjects.filter((subject) => evaluateFlag(flag, subject)));
    assert.deepEqual(again, isIn, "the same question got another answer");
    const share = percent / 100;
    const deviation = Math.sqrt(subjects.length * share * (1 - share));
    assert.ok(Math.abs(isIn.size - subjects.length * share) <= 4 * deviation, `${isIn.size} are in at ${percent} %`);
    before = isIn;
  }
});

Deno.test("places are spread evenly: chi-square over a hundred bins of 10,000 subjects", () => {
  const random = seededRandom(50);
  const bins = new Array<number>(100).fill(0);
  for (let count = 0; count < 10_000; count++) {
    const subject = `user:${random.uuid()}`;
    const rule = { name: "new-checkout", isEnabled: true, allowedSubjects: [], deniedSubjects: [] };
    let [low, high] = [0, 100]; // The smallest share that has the subject in, by bisection: growing is monotonic.
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (evaluateFlag({ ...rule, rolloutPercent: middle }, subject)) high = middle;
      else low = middle;
    }
    bins[low]! += 1;
  }
  const chiSquare = bins.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  assert.ok(chiSquare < 167.6, `chi-square is ${chiSquare}`); // 99 degrees of freedom, p = 0.00002.
  assert.ok(chiSquare > 47.5, `chi-square is ${chiSquare}: too even to be a hash`);
});

Deno.test("a flag turned off, by whatever hand, is off within one second in two isolates", async () => {
  await using database = await testDatabase();
  await using one = connectStore(database);
  await using other = connectStore(database);
  const clock = new FakeClock();
  const log = { warn() {}, info() {} };
  const readers = [one, other].map((store) => cachedFlagReader(new FlagCache(store, { clock, log }), "user:1"));
  await one.put("new-checkout", settings({ rolloutPercent: 100 }), 0, note);
  for (const reader of readers) {
    assert.equal(await reader.isOn("new-checkout"), true);
    await clock.advance(300);
  }
  await database.sql`update resilience.feature_flags set is_enabled = false where name = 'new-checkout'`;
  await clock.advance(1_000);
  for (const reader of readers) assert.equal(await reader.isOn("new-checkout"), false);
  const [latest] = await one.history("new-checkout", 1);
  assert.deepEqual([latest?.changedBy, latest?.version, latest?.after?.isEnabled], ["role:postgres", 2, false]);
});

Deno.test("two changes of the same version: one lands, the other is told what is there", async () => {
  await using database = await testDatabase();
  await using one = connectStore(database);
  await using other = connectStore(database);
  const { version } = changed(await one.put("new-checkout", settings(), 0, note));
  const results = await Promise.all([
    one.put("new-checkout", settings({ rolloutPercent: 5 }), version, note),
    other.change("new-checkout", () => ({ rolloutPercent: 25 }), version, note),
    other.remove("new-checkout", version + 7, note),
  ]);
  assert.equal(results.filter(({ kind }) => kind === "changed").length, 1);
  assert.equal(results.filter(({ kind }) => kind === "conflict").length, 2);
  assert.equal((await one.find("new-checkout"))?.version, version + 1);
});

Deno.test("each change by a version that is no longer there is a conflict, and changes nothing", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  await store.put("new-checkout", settings(), 0, note);
  const current = changed(await store.put("new-checkout", settings({ rolloutPercent: 60 }), 1, note));
  const conflict = { kind: "conflict", current };
  assert.deepEqual(await store.put("new-checkout", settings({ rolloutPercent: 5 }), 0, note), conflict);
  assert.deepEqual(await store.put("new-checkout", settings({ rolloutPercent: 5 }), 1, note), conflict);
  assert.deepEqual(await store.change("new-checkout", () => ({ rolloutPercent: 5 }), 1, note), conflict);
  assert.deepEqual(await store.remove("new-checkout", 1, note), conflict);
  assert.deepEqual(await store.put("unheard-of", settings(), 1, note), { kind: "missing" });
  assert.deepEqual(await store.find("new-checkout"), current);
});

Deno.test("twenty creations at once make one flag", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, percent) => store.put("raced", settings({ rolloutPercent: percent }), 0, note)),
  );
  assert.equal(results.filter(({ kind }) => kind === "changed").length, 1);
  assert.equal((await store.history("raced", 50)).length, 1);
});

Deno.test("history tells who, why, before and after, and versions go on after a deletion", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  await store.put("new-checkout", settings(), 0, { changedBy: "key:default", reason: "first try" });
  await store.change("new-checkout", () => ({ rolloutPercent: 50 }), undefined, note); // Changes nothing.
  await store.remove("new-checkout", 1, { changedBy: "key:ci" });
  assert.equal((await store.remove("new-checkout", undefined, note)).kind, "missing");
  const created = changed(await store.put("new-checkout", settings({ isEnabled: false }), 0, note));
  assert.equal(created.version, 3, "a version came twice: a stale compare-and-set would have passed");
  const history = await store.history("new-checkout", 10);
  assert.deepEqual(
    history.map(({ changedAt: _, ...change }) => change),
    [
      { name: "new-checkout", version: 3, ...note, before: null, after: settings({ isEnabled: false }) },
      { name: "new-checkout", version: 2, changedBy: "key:ci", reason: null, before: settings(), after: null },
      {
        name: "new-checkout",
        version: 1,
        changedBy: "key:default",
        reason: "first try",
        before: null,
        after: settings(),
      },
    ],
  );
});

Deno.test("a decision that throws leaves the flag and its history alone", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  await store.put("new-checkout", settings(), 0, note);
  const refuse = () => {
    throw new RangeError("no further");
  };
  await assert.rejects(store.change("new-checkout", refuse, undefined, note), RangeError);
  assert.equal((await store.history("new-checkout", 10)).length, 1);
});

Deno.test("the history is append-only, and the flags are nobody's but the service's", async () => {
  await using database = await testDatabase();
  await using store = connectStore(database);
  await store.put("new-checkout", settings(), 0, note);
  const as = (role: string, statement: string) =>
    database.sql.begin(async (sql) => {
      await sql`select set_config('role', ${role}, true)`;
      return await sql.unsafe(statement);
    });
  const denied = { code: "42501" };
  for (const role of ["anon", "authenticated"]) {
    await assert.rejects(as(role, "select * from resilience.feature_flags"), denied);
    await assert.rejects(as(role, "select * from resilience.feature_flag_changes"), denied);
  }
  await assert.rejects(as("service_role", "delete from resilience.feature_flag_changes"), denied);
  await assert.rejects(as("service_role", "update resilience.feature_flag_changes set changed_by = 'x'"), denied);
  await as("service_role", "update resilience.feature_flags set rollout_percent = 7");
  assert.equal((await store.find("new-checkout"))?.version, 2);
});

Deno.test("what no flag may be, the table refuses by name", async () => {
  await using database = await testDatabase();
  const refused = (statement: string, constraint: string) =>
    assert.rejects(database.sql.unsafe(statement), { code: "23514", constraint_name: constraint });
  const insert = (columns: string, values: string) =>
    `insert into resilience.feature_flags (name${columns}) values ('a'${values})`;
  await refused("insert into resilience.feature_flags (name) values ('New Checkout')", "name_is_short_kebab_case");
  await refused(insert(", rollout_percent", ", 101"), "rollout_percent_is_a_percentage");
  await refused(insert(", allowed_subjects", ", array['a', null]"), "no_subject_is_null");
  await refused(
    insert(", allowed_subjects, denied_subjects", ", array['a'], array['a']"),
    "no_subject_is_both_allowed_and_denied",
  );
  await database.sql.unsafe(insert("", ""));
  await refused("update resilience.feature_flags set name = 'b'", "flag_keeps_its_name");
});
