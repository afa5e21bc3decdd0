import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { ruleKnob, ruleOfKnob } from "./ruleKnob.ts";
import { createRuleShelf } from "./ruleShelf.ts";
import { ruleOf, switchedOn } from "./testing/ruleFixture.ts";

const [one, other] = [ruleOf("kd", "customer"), ruleOf("nr", "number")];

Deno.test("a knob is of one rule, and off unless it is turned", () => {
  assert.equal(ruleKnob("word_1").defaultValue, false);
  assert.equal(ruleOfKnob(ruleKnob("word_1").name), "word_1");
  assert.equal(ruleOfKnob("healing.pattern.promote_at"), undefined);
});

Deno.test("candidates whose knob is on are in force, and are read once a second by all who ask", async () => {
  const clock = new FakeClock();
  let reads = 0;
  let rules = [one, other, ruleOf("xx", "yy", { state: "demoted" })];
  const store = { list: () => Promise.resolve(++reads > 0 ? rules : []) };
  const off: string[] = [];
  const knobs = { read: switchedOn().read };
  const shelf = createRuleShelf({
    store,
    clock,
    knobs: { read: (knob) => off.includes(knob.name) ? false as never : knobs.read(knob) },
  });
  const says = async (...words: string[]) => [...(await shelf.inForce()).formsOf(words, "t.t").keys()].slice(1);

  const asked = await Promise.all([says("kd"), says("nr"), says("xx")]);
  assert.deepEqual([asked, reads], [[["customer"], ["number"], []], 1]);
  off.push(ruleKnob(other.id).name);
  assert.deepEqual([await says("nr"), reads], [[], 1], "a knob needs no read");
  assert.deepEqual([await shelf.haveLost(), await shelf.haveLost()], [true, false], "told once");
  rules = [{ ...one, state: "demoted" }];
  assert.deepEqual(await says("kd"), ["customer"]);
  await clock.advance(1_000);
  assert.deepEqual([await says("kd"), reads], [[], 2]);
  assert.equal(await shelf.haveLost(), true);
  shelf.forget();
  await says("kd");
  assert.equal(reads, 3);
});

Deno.test("a read that fails is not made again before its time, and then it is", async () => {
  const clock = new FakeClock();
  let reads = 0;
  const store = { list: () => ++reads === 1 ? Promise.reject(new Error("gone")) : Promise.resolve([one]) };
  const shelf = createRuleShelf({ store, clock, knobs: switchedOn() });
  for (let times = 0; times < 3; times++) await assert.rejects(shelf.inForce(), /gone/);
  assert.equal(reads, 1);
  await clock.advance(1_000);
  assert.equal((await shelf.inForce()).isEmpty, false);
});
