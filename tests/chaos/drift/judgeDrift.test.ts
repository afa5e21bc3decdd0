import assert from "node:assert/strict";
import type { Drift, DriftField, DriftRow } from "./drift.ts";
import { type Fate, judgeDrift } from "./judgeDrift.ts";
import type { Observation } from "./observation.ts";

const field = (key: string, value: unknown, column?: string, options: Partial<DriftField> = {}): DriftField => ({
  key,
  value,
  places: column === undefined ? [] : [{ column, holds: [String(value)] }],
  mutations: [0],
  isTouched: true,
  ...options,
});
const plain = (key: string, value: unknown) => field(key, value, key, { mutations: [], isTouched: false });

const row = (fields: readonly DriftField[], options: Partial<DriftRow> = {}): DriftRow => ({
  fields: [plain("id", "7"), ...fields],
  rowKey: "7",
  isBlocked: false,
  mutations: [],
  ...options,
});

function drift(rows: readonly DriftRow[], options: Partial<Drift> = {}): Drift {
  return {
    number: 1,
    mutations: [{ kind: "column renamed", expectation: "heal" }],
    route: "direct",
    isFreshIsolate: false,
    isWarm: false,
    bornAs: "orders",
    table: "orders",
    keyColumn: "id",
    columns: ["id", "bill_city", "ship_city"].map((name) => ({
      name,
      type: "text",
      rest: name === "id" ? undefined : null,
    })),
    seeds: [{ rowKey: "1", payload: {}, holds: { id: ["1"], bill_city: ["Oslo"], ship_city: null } }],
    bystanders: [],
    stages: [{ ddl: [], isSeen: true, calls: [{ operation: "insert", table: "orders", rows }] }],
    cleanUp: [],
    ...options,
  };
}

const seed = { id: "1", bill_city: "Oslo", ship_city: null };
const sent = row([field("city", "Lima", "bill_city")]);
const text = '{"id":"7","city":"Lima"}';

function see(
  parts: Partial<Omit<Observation, "rebuilt">> & {
    rebuilt?: readonly string[];
    landed?: Record<string, string | null>;
  },
): Observation {
  const { landed, rebuilt = [text], ...others } = parts;
  return {
    rows: [seed, ...landed === undefined ? [] : [{ id: "7", bill_city: null, ship_city: null, ...landed }]],
    strayRows: 0,
    letters: [],
    rebuilt: new Map([["7", rebuilt]]),
    told: [["landed"]],
    ...others,
  };
}

function fateOf(seen: Observation, given = drift([sent])): Fate {
  const { mutations, findings } = judgeDrift(given, seen);
  const { fate } = mutations[0]!;
  assert.equal(findings.length > 0, fate === "WRONG" || fate === "LOST", findings.join("\n"));
  return fate;
}

const letter = { payload: text, argumentsText: "{}" };

Deno.test("what is right is called by its name", () => {
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" } })), "healed");
  assert.equal(fateOf(see({ landed: {} })), "rescued");
  assert.equal(fateOf(see({ letters: [letter], told: [["dead letter"]] })), "dead letter");
  const known = drift([row([field("bill_city", "Lima", "bill_city", { isTouched: false })])]);
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, rebuilt: [] }), known), "as sent");
});

Deno.test("a value in its twin's column, changed, cut, doubled, or in both is wrong", () => {
  for (
    const landed of [
      { ship_city: "Lima" },
      { bill_city: "Lim" },
      { bill_city: "lima" },
      { bill_city: "Lima", ship_city: "Lima" },
      { bill_city: "Oslo" },
      { bill_city: "Lima", ship_city: "none" },
    ]
  ) assert.equal(fateOf(see({ landed })), "WRONG", JSON.stringify(landed));
});

Deno.test("a field that no column is meant for is wrong in any", () => {
  const unknown = drift([row([field("city", "Lima")])]);
  assert.equal(fateOf(see({ landed: {} }), unknown), "rescued");
  assert.equal(fateOf(see({ landed: { ship_city: "Lima" } }), unknown), "WRONG");
  assert.equal(fateOf(see({ landed: {}, rebuilt: [] }), unknown), "LOST");
});

Deno.test("what cannot be rebuilt to the letter is lost, be it in its column", () => {
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, rebuilt: [] })), "LOST");
  assert.equal(fateOf(see({ landed: {}, rebuilt: ['{"city":"Lima","id":"7"}'] })), "LOST");
  assert.equal(fateOf(see({ told: [["dead letter"]] })), "LOST");
  assert.equal(fateOf(see({ letters: [{ ...letter, payload: `${text} ` }], told: [["dead letter"]] })), "LOST");
  assert.equal(fateOf(see({ told: [["failed"]] })), "LOST");
});

Deno.test("a caller who is told otherwise is wronged", () => {
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, told: [["failed"]] })), "WRONG");
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, told: [["dead letter"]], letters: [letter] })), "WRONG");
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, letters: [letter] })), "WRONG");
  assert.equal(fateOf(see({ letters: [letter], told: [["landed"]] })), "WRONG");
  assert.equal(fateOf(see({ told: [["landed"]] })), "LOST");
});

Deno.test("rows that nobody meant are looked at, too", () => {
  const landed = { id: "7", bill_city: "Lima", ship_city: null };
  assert.equal(fateOf(see({ rows: [{ ...seed, ship_city: "Lima" }, landed] })), "WRONG");
  assert.equal(fateOf(see({ rows: [seed, landed, { ...landed, id: "8" }] })), "WRONG");
  assert.equal(fateOf(see({ rows: [landed] })), "WRONG");
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, strayRows: 1 })), "WRONG");
});

Deno.test("a value that does not fit is in no column, not even in part", () => {
  const unfit = drift([
    row([field("city", "Lima", undefined, { places: [{ column: "bill_city", holds: [] }] })], { isBlocked: true }),
  ]);
  assert.equal(fateOf(see({ landed: { bill_city: "Li" } }), unfit), "WRONG");
  assert.equal(fateOf(see({ landed: {} }), unfit), "rescued");
  assert.equal(fateOf(see({ letters: [letter], told: [["dead letter"]] }), unfit), "dead letter");
});

Deno.test("an update's dead letter has left its row alone, and says which row was meant", () => {
  const patch: DriftRow = { ...sent, fields: [field("city", "Lima", "ship_city")], rowKey: "1" };
  const call = { operation: "update" as const, table: "orders", rows: [patch], match: { id: "1" } };
  const given = drift([], { stages: [{ ddl: [], isSeen: true, calls: [call] }] });
  const payload = '{"city":"Lima"}';
  const kept = (argumentsText: string) => ({ letters: [{ payload, argumentsText }], told: [["dead letter"]] as const });
  assert.equal(fateOf(see(kept('{"match": {"id": "1"}}')), given), "dead letter");
  assert.equal(fateOf(see(kept("{}")), given), "LOST");
  const done = { ...seed, ship_city: "Lima" };
  assert.equal(fateOf({ ...see({ rows: [done] }), rebuilt: new Map([["1", [payload]]]) }, given), "healed");
  assert.equal(
    fateOf({ ...see({ rows: [{ ...done, bill_city: null }] }), rebuilt: new Map([["1", [payload]]]) }, given),
    "WRONG",
  );
});

Deno.test("an object is in all its places or in none; a JSON column has the members that were sent", () => {
  const places = [{ column: "bill_city", holds: ["Lima"] }, { column: "ship_city", holds: ["Rome"] }];
  const nested = drift([row([field("city", "x", undefined, { places })])]);
  const rebuilt = ['{"id":"7","city":"x"}'];
  assert.equal(fateOf(see({ landed: { bill_city: "Lima", ship_city: "Rome" }, rebuilt }), nested), "healed");
  assert.equal(fateOf(see({ landed: { bill_city: "Lima" }, rebuilt }), nested), "WRONG");
  const members = [{ column: "bill_city", member: "city", holds: ['"Lima"'] }];
  const flat = drift([row([field("city", "x", undefined, { places: members })])]);
  assert.equal(fateOf(see({ landed: { bill_city: '{"city":"Lima"}' }, rebuilt }), flat), "healed");
  assert.equal(fateOf(see({ landed: { bill_city: '{"city":"Rome"}' }, rebuilt }), flat), "WRONG");
  assert.equal(fateOf(see({ landed: { bill_city: '{"city":"Lima","zip":1}' }, rebuilt }), flat), "WRONG");
});

Deno.test("a row whose key the database makes is the one that holds its payload", () => {
  const made = { ...sent, fields: sent.fields.slice(1), rowKey: undefined };
  const rebuilt = new Map([["8", ['{"city":"Lima"}']]]);
  const landed = { id: "8", bill_city: "Lima", ship_city: null };
  assert.equal(fateOf({ ...see({ rows: [seed, landed] }), rebuilt }, drift([made])), "healed");
  assert.equal(fateOf({ ...see({ rows: [seed, { ...landed, ship_city: "x" }] }), rebuilt }, drift([made])), "WRONG");
});

Deno.test("what stands beside a row that cannot land is hindered, except in a batch", () => {
  const stuck = row([field("bill_city", "x", "bill_city", { mutations: [] })], { isBlocked: true, rowKey: "9" });
  const given = drift([sent, stuck]);
  const dead = {
    letters: [letter, { ...letter, payload: '{"id":"7","bill_city":"x"}' }],
    told: [["dead letter", "dead letter"]] as const,
  };
  const [verdict] = judgeDrift(given, see(dead)).mutations;
  assert.deepEqual([verdict!.fate, verdict!.isHindered], ["dead letter", true]);
  const batch = {
    ...given,
    stages: [{ ddl: [], isSeen: true, calls: [{ operation: "batch" as const, table: "orders", rows: [sent, stuck] }] }],
  };
  assert.equal(judgeDrift(batch, see(dead)).mutations[0]!.isHindered, false);
});
