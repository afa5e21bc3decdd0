import assert from "node:assert/strict";
import { generateDrift } from "./generateDrift.ts";
import { abbreviate, nearNames, slip, slipsBetween, squash, writeName } from "./names.ts";
import { mutationDeck } from "./mutationDeck.ts";
import { makeScene } from "./makeScene.ts";
import { drawFrom } from "../../../bench/matcher/drawFrom.ts";
import { seededRandom } from "../../../supabase/functions/_shared/random/seededRandom.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? 1);
const drifts = Array.from({ length: 3_000 }, (_, number) => generateDrift(seed, number));
const rowsOf = (drift: typeof drifts[number]) => drift.stages.flatMap(({ calls }) => calls).flatMap(({ rows }) => rows);

Deno.test("the same seed and number give the same drift, others another", () => {
  for (const number of [0, 7, 2_999]) assert.deepEqual(generateDrift(seed, number), drifts[number]);
  assert.notDeepEqual(generateDrift(seed + 1, 7), drifts[7]);
});

Deno.test("every drift has something that has drifted, in rows that are sent", () => {
  for (const drift of drifts) {
    const rows = rowsOf(drift);
    const seen = new Set(
      rows.flatMap((row) => [...row.mutations, ...row.fields.flatMap(({ mutations }) => mutations)]),
    );
    assert.deepEqual([...seen].sort(), [...drift.mutations.keys()], `drift ${drift.number}, seed ${seed}`);
    assert.ok(drift.mutations.length > 0 && rows.every(({ fields }) => fields.length > 0), `drift ${drift.number}`);
  }
});

Deno.test("every way to drift is met, alone and with others", () => {
  for (const mutate of new Set(mutationDeck)) {
    const drawn = Array.from({ length: 120 }, (_, number) => makeScene(seed, number));
    const made = drawn.filter((scene) => mutate(scene));
    assert.ok(made.length > 0, mutate.name);
    const refused = drawn.filter((scene) => !made.includes(scene));
    const isLeftAlone = refused.every(({ mutations, ddl }) => mutations.length === 0 && ddl.after.length === 0);
    assert.ok(isLeftAlone, `${mutate.name} changed what it refused`);
  }
  assert.ok(drifts.filter(({ mutations }) => mutations.length > 1).length > 1_000);
  assert.ok(drifts.every(({ mutations }) => mutations.length <= 3));
});

Deno.test("a row names each key once, each place once, and only columns that are there in the end", () => {
  for (const drift of drifts) {
    const columns = drift.columns.map(({ name }) => name);
    assert.equal(new Set(columns).size, columns.length, `drift ${drift.number}, seed ${seed}`);
    for (const { fields } of rowsOf(drift)) {
      assert.equal(new Set(fields.map(({ key }) => key)).size, fields.length, `drift ${drift.number}, seed ${seed}`);
      const places = fields.flatMap(({ places }) => places.map(({ column, member = "" }) => `${column}.${member}`));
      assert.equal(new Set(places).size, places.length, `drift ${drift.number}, seed ${seed}`);
      for (const { column } of fields.flatMap(({ places }) => places)) assert.ok(columns.includes(column), column);
    }
  }
});

Deno.test("what is called unfit or nowhere has no place to be in, what is to be healed has one", () => {
  for (const drift of drifts) {
    for (const row of rowsOf(drift)) {
      for (const { mutations, places } of row.fields) {
        const kinds = mutations.map((at) => drift.mutations[at]!);
        if (kinds.some(({ expectation }) => expectation === "heal")) {
          const isUnfit = kinds.some(({ expectation }) => expectation === "refuse");
          assert.ok(places.length > 0, `drift ${drift.number}, seed ${seed}`);
          assert.equal(
            places.some(({ holds }) => holds.length === 0),
            isUnfit,
            `drift ${drift.number}`,
          );
        }
        if (kinds.some(({ kind }) => kind.startsWith("unfit"))) assert.ok(row.isBlocked, `drift ${drift.number}`);
      }
    }
  }
});

Deno.test("a slip is near to the name alone that it comes from", () => {
  let slips = 0;
  for (const drift of drifts) {
    for (const field of rowsOf(drift).flatMap(({ fields }) => fields)) {
      if (!field.mutations.some((at) => drift.mutations[at]!.kind === "slip of the keys")) continue;
      const near = nearNames(field.key, drift.columns.map(({ name }) => name), 2);
      if (near.length === 1 && near[0] === field.key) continue; // Of rows that know better.
      assert.deepEqual(near, [field.places[0]!.column], `drift ${drift.number}, seed ${seed}: ${field.key}`);
      assert.equal(slipsBetween(squash(field.key), squash(near[0]!)), 1);
      slips++;
    }
  }
  assert.ok(slips > 100);
});

Deno.test("names are written, slipped, shortened and compared as they should be", () => {
  const written = (["camelCase", "PascalCase", "kebab-case", "SCREAMING_CASE", "Title Case", "joined"] as const)
    .map((convention) => writeName("unit_price", convention));
  assert.deepEqual(written, ["unitPrice", "UnitPrice", "unit-price", "UNIT_PRICE", "Unit Price", "unitprice"]);
  assert.equal(new Set([...written, "unit_price"].map(squash)).size, 1);
  assert.deepEqual(
    [["form", "from"], ["abc", "abc"], ["abc", "ab"], ["kitten", "sitting"], ["", "ab"]].map(([one, other]) =>
      slipsBetween(one!, other!)
    ),
    [1, 0, 1, 3, 2],
  );
  const draw = drawFrom(seededRandom(seed));
  for (let tries = 0; tries < 500; tries++) assert.ok(slipsBetween("quantity", slip("quantity", draw)) <= 1);
  assert.equal(abbreviate("customer_address"), "cust_addr");
  assert.equal(abbreviate("color"), "color");
});
