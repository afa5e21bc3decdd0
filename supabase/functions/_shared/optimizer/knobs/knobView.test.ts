import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import type { Knob } from "./knob.ts";
import { KnobView } from "./knobView.ts";
import { isTreated } from "./trial.ts";
import type { TunedValue } from "./tunedValue.ts";

const limit: Knob = {
  name: "test.limit",
  summary: "s",
  kind: "integer",
  defaultValue: 5,
  lowest: 1,
  highest: 9,
  step: { amount: 1 },
};

function openView(isolate = "one") {
  const clock = new FakeClock();
  const told: string[] = [];
  const state = { rows: [] as TunedValue[], reads: 0, isDown: false };
  const read = () => {
    state.reads++;
    return state.isDown ? Promise.reject(new Error("down")) : Promise.resolve(state.rows);
  };
  const log = { warn: (text: string) => told.push(text), info: (text: string) => told.push(text) };
  return { clock, told, state, view: new KnobView({ source: () => read, isolate: () => isolate, clock, log }) };
}

Deno.test("the first look gives the default, and asks behind the reader's back; then what was last known serves", async () => {
  const { clock, state, view } = openView();
  state.rows = [{ name: limit.name, value: 7 }];
  assert.equal(view.read(limit), 5);
  await clock.advance(0);
  assert.equal(view.read(limit), 7);
  state.rows = [];
  await clock.advance(999);
  assert.deepEqual([view.read(limit), state.reads], [7, 1]);
  await clock.advance(1);
  assert.equal(view.read(limit), 7);
  await clock.advance(0);
  assert.deepEqual([view.read(limit), state.reads], [5, 2]);
});

Deno.test("nonsense in a row leaves the default, and is told once", async () => {
  const { clock, told, state, view } = openView();
  for (const value of [10, "7", 5.5, null]) {
    state.rows = [{ name: limit.name, value }];
    await view.refresh();
    assert.equal(view.read(limit), 5, String(value));
    view.read(limit);
    await clock.advance(0);
  }
  assert.equal(told.length, 4);
});

Deno.test("while the source is away knobs stay as last known, and it is asked once a second", async () => {
  const { clock, told, state, view } = openView();
  state.rows = [{ name: limit.name, value: 7 }];
  await view.refresh();
  state.isDown = true;
  for (let second = 0; second < 5; second++) {
    await clock.advance(1_000);
    assert.equal(view.read(limit), 7);
  }
  await clock.advance(0);
  assert.deepEqual([state.reads, told.length], [6, 1]);
  state.isDown = false;
  await view.refresh();
  assert.deepEqual([told.length, clock.pendingTimers], [2, 0]);
});

Deno.test("about the share of isolates has what is tried, each for as long as it is, and nobody else", async () => {
  const trial = { id: "12", share: 0.25, value: 9 };
  let treated = 0;
  for (let number = 0; number < 400; number++) {
    const { state, view } = openView(`isolate ${number}`);
    state.rows = [{ name: limit.name, value: 7, trial }];
    await view.refresh();
    const isIn = isTreated(trial, `isolate ${number}`);
    assert.deepEqual([view.read(limit), view.trials()], isIn ? [9, ["12"]] : [7, []]);
    treated += isIn ? 1 : 0;
  }
  assert.ok(treated > 70 && treated < 130, `${treated} of 400`);
});
