// deno-lint-ignore-file no-console -- the figures are part of what the test has to show
import assert from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";
import { coerceLosslessly } from "../../supabase/functions/_shared/healing/coercion/coerceLosslessly.ts";
import type { RefusalReason } from "../../supabase/functions/_shared/healing/coercion/coercion.ts";
import { families } from "../../supabase/functions/_shared/healing/coercion/testing/familyArbitraries.ts";
import {
  type Held,
  heldMembers,
  runSeed,
  saidOf,
  sampleColumns,
  type TypedDatabase,
  typedDatabase,
} from "./coercionFixture.ts";

/** Refusals of what cannot be judged: Postgres may well take the value, as one of the things it may mean. */
const undecided: ReadonlySet<RefusalReason> = new Set([
  "unsupported_type",
  "unsupported_value",
  "ambiguous_number",
  "imprecise_number",
  "ambiguous_time",
  "ambiguous_bytes",
  "ambiguous_list",
  "zone_missing",
  "not_a_time",
  "not_an_interval",
  "not_json",
  "duplicate_keys",
]);

/** The same in a family where Postgres has a way to hold the value that says less than it seems to. */
const undecidedIn: ReadonlySet<string> = new Set([
  "text not_a_number", // "NaN" as a text
  "json lone_surrogate", // json keeps the escape as it is written, and fails when it is read as text
  "json nul_character",
  "json out_of_range", // a bigint goes as a JSON text
  "interval out_of_range",
  "array not_a_number",
]);

function fractionOf(text: string): string {
  return (/[.,](\d+)/.exec(text)?.[1] ?? "").replace(/0+$/, "");
}

/** Does Postgres hold something else than was sent? */
async function isLost(
  database: TypedDatabase,
  family: string,
  type: string,
  reason: RefusalReason,
  sent: unknown,
  held: Held,
): Promise<unknown> {
  const { ask } = database;
  if (family === "array" && Array.isArray(sent) && reason !== "list_shape_would_be_lost") {
    return await isMemberLost(database, type, sent.flat(6), held);
  }
  const said = saidOf(sent);
  switch (reason) {
    case "would_round":
    case "out_of_range": {
      if (["date", "time", "timestamp", "interval"].includes(family)) return fractionOf(said) !== fractionOf(held.text);
      if (family === "array") return said.replace(/[\s{}"]/g, "") !== held.text.replace(/[{}]/g, "");
      // Seven digits may come back out of a real, which then holds another number all the same.
      if (type === "real") return await ask("select ?::text::float8 <> ?::text::real::float8", said, held.text);
      // A double is compared to its last digit where it is whole: Postgres prints no more than tell it apart.
      const number = Number(said);
      const isWhole = family === "float" && Math.abs(number) >= 2 ** 53 && Number.isFinite(number);
      return await ask("select ?::text::numeric <> ?::text::numeric", said, isWhole ? `${BigInt(number)}` : held.text);
    }
    case "zone_would_be_lost":
      if (family === "time") return !/[+-]\d\d/.test(held.text);
      return await ask("select ?::text::timestamptz <> ?::text::timestamp at time zone 'UTC'", said, held.text);
    case "time_would_be_lost":
      return /[1-9]/.test(said.slice(8).replace(/^\d*[T ]|[+-].*$/gi, "")) && !held.text.includes(":");
    case "date_would_be_lost":
      return !/\d{4}-\d\d-\d\d/.test(held.text);
    case "list_shape_would_be_lost":
      return !isDeepStrictEqual(held.value, sent);
    default:
      return held.text !== said;
  }
}

/** Is the member lost for which a list is refused, judged as a column of its type would be? */
async function isMemberLost(database: TypedDatabase, arrayType: string, sent: readonly unknown[], { text }: Held) {
  const { type, family, texts } = await heldMembers(database, arrayType, text);
  if (texts.length !== sent.length) return true;
  for (const [at, member] of sent.entries()) {
    const coercion = coerceLosslessly(member, { type, isNullable: true });
    if (coercion.ok) continue;
    const held = texts[at] ?? null;
    return held === null || await isLost(database, family, type, coercion.reason, member, { value: held, text: held });
  }
  return false;
}

const perFamily = Number(Deno.env.get("COERCION_VALUES") ?? 400);
const seed = runSeed();

Deno.test("what is refused as lossy fails in Postgres, or is not what Postgres then holds", async () => {
  await using database = await typedDatabase();
  console.log(`seed ${seed} (COERCION_SEED=${seed} repeats the run), ${perFamily} values a family`);
  const outcomes = new Map<string, { fails: number; loses: number; lands: number }>();
  for (const family of families) {
    for (const [column, values] of sampleColumns(family, seed, perFamily)) {
      const table = await database.table(column);
      for (const sent of values) {
        const coercion = coerceLosslessly(sent, column);
        if (coercion.ok) continue;
        const { reason } = coercion;
        const key = `${family.name} ${reason}`;
        if (!outcomes.has(key)) outcomes.set(key, { fails: 0, loses: 0, lands: 0 });
        const counts = outcomes.get(key)!;
        const held = await table.insert(sent).catch(() => undefined);
        const isDecided = !undecided.has(reason) && !undecidedIn.has(key);
        if (held === undefined) counts.fails++;
        else if (isDecided && await isLost(database, family.name, column.type, reason, sent, held)) counts.loses++;
        else if (isDecided) assert.fail(`${column.type} refuses ${inspect(sent)}: ${reason}; it lands as ${held.text}`);
        else counts.lands++;
      }
    }
  }
  for (const [key, counts] of outcomes) console.log(key.padEnd(40), JSON.stringify(counts));
});

Deno.test("what cannot be judged: the readings really differ", async () => {
  const bare = "2026-01-31T10:30:00";
  const readings: unknown[] = [];
  for (const zone of ["Asia/Kathmandu", "America/Lima"]) {
    await using database = await typedDatabase(zone);
    const table = await database.table({ type: "timestamptz", isNullable: false });
    readings.push(String((await table.insert(bare)).value));
  }
  assert.notEqual(readings[0], readings[1], "zone_missing: the session decides which moment it is");

  await using database = await typedDatabase();
  const held = async (type: string, value: unknown) =>
    (await (await database.table({ type, isNullable: false })).insert(value)).text;
  assert.notEqual(BigInt(await held("bigint", 2 ** 60)), BigInt(2 ** 60), "imprecise_number");
  assert.equal(await held("timestamp", "2026-01-31T10:30:00+09:00"), "2026-01-31 10:30:00", "zone_would_be_lost");
  assert.equal(await held("numeric(10,2)", "12.345"), "12.35", "would_round");
  assert.equal(await held("name", "n".repeat(64)), "n".repeat(63), "too_long");
  assert.equal(await held("bytea", "SGk="), "\\x53476b3d", "ambiguous_bytes: its characters, not what they encode");
  assert.notEqual(await held("timestamptz", "now"), "now", "not_a_time: the value depends on when it is read");
});
