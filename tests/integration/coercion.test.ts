// deno-lint-ignore-file no-console -- the figures are part of what the test has to show
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { coerceLosslessly } from "../../supabase/functions/_shared/healing/coercion/coerceLosslessly.ts";
import type { CoercionColumn, Fit } from "../../supabase/functions/_shared/healing/coercion/coercion.ts";
import { reconstruct } from "../../supabase/functions/_shared/healing/coercion/reconstruct.ts";
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

/** Without thousands separators, which Postgres does not read: of two kinds the last is the decimal one. */
function ungrouped(text: string): string {
  const [first, ...others] = text.replace(/[^.,]/g, "");
  const last = others.at(-1);
  return last === undefined || last === first
    ? text.replaceAll(",", "")
    : text.replaceAll(first!, "").replace(last, ".");
}

/** The moment that epoch seconds or milliseconds stand for, to the last digit: a `Date` would round microseconds. */
function epochText(epoch: number | bigint): string {
  if (epoch >= 1e11) return new Date(Number(epoch)).toISOString();
  const [seconds, fraction = "0"] = String(epoch).split(".");
  return new Date(Number(seconds) * 1_000).toISOString().replace(".000Z", `.${fraction}Z`);
}

type Check = (sent: unknown, held: Held, column: CoercionColumn, fit: Fit) => Promise<unknown>;

/** Does Postgres hold the very value that was sent, by its own reading of the sent text? Undefined: it cannot read it. */
function checksOf(database: TypedDatabase): Record<string, Check> {
  const { ask } = database;
  const sameAs = (type: string): Check => (sent, held) =>
    ask(`select ?::text::${type} = ?::text::${type}`, saidOf(sent), held.text);
  const number: Check = (sent, held) => {
    if (typeof sent === "boolean") return Promise.resolve(held.text === (sent ? "1" : "0"));
    const said = saidOf(sent);
    const plain = /[.,]\d+[.,]/.test(said) ? ungrouped(said) : said;
    return ask("select ?::text::numeric = ?::text::numeric", plain, held.text);
  };
  const moment = (zoned: string): Check => (sent, held) => {
    const said = typeof sent === "number" || typeof sent === "bigint" ? epochText(sent) : saidOf(sent);
    const hasZone = /^[\d-]+[Tt ]+\d.*(?:z|utc|[+-]\d[\d:]*)$/i.test(said);
    return hasZone
      ? ask(`select ?::text::timestamptz = ${zoned}`, said, held.text)
      : ask(`select ?::text::timestamp = ?::text::timestamp`, said, held.text);
  };
  const checks: Record<string, Check> = {
    integer: number,
    numeric: number,
    // Either as the decimal that was sent, or as the very same binary number.
    float: async (sent, held, column, fit) =>
      await number(sent, held, column, fit) === true ||
      await ask(`select ?::text::float8 = ?::text::${column.type}::float8`, saidOf(sent), held.text),
    boolean: sameAs("boolean"),
    text: (sent, held) => Promise.resolve(held.text === saidOf(sent)),
    date: moment("?::text::timestamp at time zone 'UTC'"),
    timestamp: (sent, held, column, fit) =>
      moment(column.type.includes("without") ? "?::text::timestamp at time zone 'UTC'" : "?::text::timestamptz")(
        sent,
        held,
        column,
        fit,
      ),
    time: (sent, held, column, fit) => sameAs(column.type)(sent, held, column, fit),
    interval: (sent, held) => ask("select ?::text::interval::text = ?::text", saidOf(sent), held.text),
    json: (sent, held, _column, { strategy }) => {
      const said = strategy === "json_from_text"
        ? String(sent)
        : JSON.stringify(typeof sent === "bigint" ? Number(sent) : sent);
      return ask("select ?::text::jsonb = ?::text::jsonb", said, held.text);
    },
    uuid: sameAs("uuid"),
    bytea: (sent, { text }) => {
      const hexOf = (bytes: Iterable<number>) =>
        `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
      if (sent instanceof Uint8Array) return Promise.resolve(text === hexOf(sent));
      if (typeof sent !== "string") return Promise.resolve(text === hexOf((sent as { data: number[] }).data));
      const base64 = sent.split(";base64,")[1];
      const bytes = base64 === undefined ? undefined : Array.from(atob(base64), (char) => char.charCodeAt(0));
      return Promise.resolve(text === (bytes === undefined ? sent.toLowerCase() : hexOf(bytes)));
    },
    address: (sent, held, column, fit) => sameAs(column.type)(sent, held, column, fit),
    enum: (sent, held) => {
      const letters = (label: string) => label.toLowerCase().replace(/[\s_-]/g, "");
      return Promise.resolve(letters(held.text) === letters(sent as string));
    },
    array: async (sent, held, column, fit) => {
      const { type, family, texts } = await heldMembers(database, column.type, held.text);
      const listed = fit.strategy === "list_from_text" && type === "integer"
        ? String(sent).match(/-?\d+/g) ?? []
        : undefined;
      const members = Array.isArray(sent) ? sent.flat(6) : fit.strategy === "list_of_one" ? [sent] : listed;
      if (members === undefined) return undefined;
      if (texts.length !== members.length) return false;
      // Each member as a column of its type would be judged: what bare digits mean is not what Postgres reads in them.
      const verdicts = await Promise.all(members.map((member: unknown, at) => {
        const text = texts[at]!;
        if (member === null || text === null) return member === text;
        return checks[family]!(member, { value: text, text }, { ...column, type }, fit).catch(() => undefined);
      }));
      if (verdicts.includes(false)) return false;
      return verdicts.every((verdict) => verdict === true) ? true : undefined;
    },
  };
  return checks;
}

const perFamily = Number(Deno.env.get("COERCION_VALUES") ?? 600);
const seed = runSeed();

Deno.test("what fits is held by Postgres as it was sent, through either connector", async () => {
  await using database = await typedDatabase();
  const checks = checksOf(database);
  console.log(`seed ${seed} (COERCION_SEED=${seed} repeats the run), ${perFamily} values a family`);
  for (const family of families) {
    const counts = { fitted: 0, refused: 0, confirmed: 0, unreadable: 0 };
    for (const [column, values] of sampleColumns(family, seed, perFamily)) {
      const table = await database.table(column);
      for (const sent of values) {
        const coercion = coerceLosslessly(sent, column);
        if (!coercion.ok) {
          counts.refused++;
          continue;
        }
        counts.fitted++;
        const what = `${column.type} from ${inspect(sent)} as ${inspect(coercion)}`;
        const held = await table.insert(coercion.value).catch((cause) => {
          throw new Error(`Postgres refuses ${what}`, { cause });
        });
        assert.equal(await table.readFromJson(coercion.value), held.text, `${what}: the connectors differ`);
        const isRead = family.name === "json" || family.name === "array";
        for (const stored of isRead ? [held.value] : [held.text, held.value]) {
          const back = reconstruct(stored, coercion.inverse);
          assert.deepStrictEqual(back, sent, `${what}: held as ${inspect(stored)}`);
        }
        const only = coercion.strategy === "only_member" ? (sent as unknown[])[0] : sent;
        if (only === null) continue;
        const verdict = await checks[family.name]!(only, held, column, coercion).catch(() => undefined);
        if (verdict === undefined || verdict === null) counts.unreadable++;
        else if (verdict === true) counts.confirmed++;
        else assert.fail(`${what}: Postgres holds another value: ${held.text}`);
      }
    }
    console.log(family.name.padEnd(10), JSON.stringify(counts));
    assert.ok(counts.confirmed > counts.fitted / 2, `${family.name}: too few confirmed`);
  }
});
