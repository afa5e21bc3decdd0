import assert from "node:assert/strict";
import { seededRandom } from "../../random/seededRandom.ts";
import type { HealVote } from "./healVote.ts";
import { describeRule } from "./healingRule.ts";
import { mineRules, type MiningContext } from "./mineRules.ts";
import { madePast, type PastOptions, vote } from "./testing/pastFixture.ts";

const rests = "total date name state code city note rate mail phone".split(" ");

/** Thirty fixes of one kind over `tables` tables. */
function thirty(make: (rest: string) => [key: string, column: string], tables = 6): HealVote[] {
  return Array.from({ length: 30 }, (_, at) => {
    const [key, column] = make(rests[Math.floor(at / tables) + at % 3]!);
    return vote(key, column, { table: `t.t${at % tables}` });
  });
}

async function found(votes: readonly HealVote[], context: MiningContext = {}): Promise<string[]> {
  return (await mineRules(votes, context)).map(describeRule);
}

Deno.test("a word that stood thirty times for another becomes a rule, with its support and its bound", async () => {
  const [rule, ...others] = await mineRules(thirty((rest) => [`kd_${rest}`, `customer_${rest}`]));
  assert.deepEqual(others, []);
  assert.equal(describeRule(rule!), '"kd" stands for "customer"');
  const { support, contradictions, tables, keys, lowerBound } = rule!.proof;
  assert.deepEqual([support, contradictions, tables], [30, 0, 6]);
  assert.ok(keys >= 5 && lowerBound > 0.9 && lowerBound < 0.92, `${keys} ${lowerBound}`);
  assert.match(rule!.id, /^word_[0-9a-f]{16}$/);
});

Deno.test("prefixes, suffixes, orders and whole keys are found, whatever the spelling", async () => {
  assert.deepEqual(await found(thirty((rest) => [`fld_${rest}`, rest])), ['"fld" in front says nothing']);
  assert.deepEqual(await found(thirty((rest) => [`${rest}V2`, rest])), ['"v 2" at the end says nothing']);
  assert.deepEqual(await found(thirty((rest) => [rest, `order_${rest}`])), ['"order" is missing in front']);
  assert.deepEqual(await found(thirty((rest) => [`${rest}_kunde`, `kunde_${rest}`])), [
    "the words of a name may stand in another order",
  ]);
  assert.deepEqual(await found(thirty(() => ["erreichbarUnter", "contact"], 13)), [
    'the key "erreichbar unter" means "contact"',
  ]);
});

Deno.test("what two rules explain together is two rules, and what follows from them is none", async () => {
  const both = thirty((rest) => [`fld_kd_${rest}`, `customer_${rest}`]);
  const word = thirty((rest) => [`kd_${rest}`, `customer_${rest}`]);
  assert.deepEqual(await found([...both, ...word]), ['"kd" stands for "customer"', '"fld" in front says nothing']);
});

Deno.test("the same past gives the same rules, in whatever order it is read", async () => {
  const { votes } = madePast({ random: seededRandom(7), noise: 200 });
  const rules = await mineRules(votes);
  assert.ok(rules.length >= 10);
  assert.deepEqual(await mineRules([...votes].reverse()), rules);
});

Deno.test("what one table, one key or one writer says is no rule", async () => {
  const [few, one] = [(at: number) => `t.t${at % 2}`, () => "t.t1"];
  const votes = (tableOf: (at: number) => string, keyOf: (at: number) => string, writer?: string) =>
    Array.from(
      { length: 60 },
      (_, at) => vote(`${keyOf(at)}_kd`, `${keyOf(at)}_customer`, { table: tableOf(at), ...writer ? { writer } : {} }),
    );
  const many = (at: number) => `t.t${at % 12}`;
  const key = (at: number) => `key${"abcdefghijkl"[at % 12]}${"abcde"[at % 5]}`;
  assert.deepEqual(await found(votes(many, key)), ['"kd" stands for "customer"']);
  assert.deepEqual(await found(votes(few, key)), [
    '"kd" stands for "customer" in t.t0',
    '"kd" stands for "customer" in t.t1',
  ]);
  assert.deepEqual(await found(votes(one, (at) => `key${at % 2}`)), []);
  assert.deepEqual(await found(votes(many, key, "tenant")), []);
});

Deno.test("fixes that contradict each other, or were taken back, are no rule; where they agree in one table it holds there", async () => {
  const good = thirty((rest) => [`no_${rest}`, `number_${rest}`]);
  const other = thirty((rest) => [`no_${rest}`, `negative_${rest}`]).map((one) => ({
    ...one,
    table: `u.${one.table}`,
  }));
  assert.deepEqual(await found([...good, ...other]), []);
  const taken = good.map((one, at) => ({ ...one, isRight: at >= 3 }));
  assert.deepEqual(await found(taken), []);
  const letters = "abcdefghijklmnopqrstuvwxyzabcdef";
  const local = Array.from(
    { length: 32 },
    (_, at) =>
      vote(`no_x${letters[at]}${letters[31 - at]}`, `negative_x${letters[at]}${letters[31 - at]}`, {
        table: "u.ledger",
      }),
  );
  assert.deepEqual(await found([...good, ...local]), ['"no" stands for "negative" in u.ledger']);
});

/** How many of the rules found in many made-up pasts are true. */
async function precisionOf(
  options: Omit<PastOptions, "random">,
): Promise<{ readonly found: number; readonly right: number }> {
  let [found, right] = [0, 0];
  for (let seed = 1; seed <= 10; seed++) {
    const past = madePast({ ...options, random: seededRandom(seed) });
    for (const rule of await mineRules(past.votes)) {
      found++;
      if (rule.kind === "word" && past.meaningOf(rule.from) === rule.to) right++;
    }
  }
  return { found, right };
}

Deno.test("whatever an advisor gets wrong by chance, at least 95 % of the rules are true", async () => {
  const pasts: Omit<PastOptions, "random">[] = [
    { wrong: 0.02, keysOfTable: 12 },
    { wrong: 0.2, keysOfTable: 12 },
    { wrong: 0.2, keysOfTable: 12, noticed: 1 },
    { noise: 400 },
  ];
  for (const options of pasts) {
    const { found, right } = await precisionOf(options);
    assert.ok(right >= 0.95 * found, `seeds 1 to 10, ${JSON.stringify(options)}: ${right} of ${found}`);
  }
  assert.ok((await precisionOf({ wrong: 0.02, keysOfTable: 12 })).found > 60, "and rules there are");
});

Deno.test("of words that an advisor gets wrong every time, one in twenty taken back is enough that 95 % are true", async () => {
  const { found, right } = await precisionOf({ alwaysWrong: 0.2, noticed: 0.05, keysOfTable: 12 });
  assert.ok(found > 60 && right >= 0.95 * found, `seeds 1 to 10: ${right} of ${found}`);
});
