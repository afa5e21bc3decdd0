import assert from "node:assert/strict";
import type { Knob } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import type { TunedValue } from "../../supabase/functions/_shared/optimizer/knobs/tunedValue.ts";
import type { Draft, TuningStore } from "../../supabase/functions/_shared/optimizer/lifecycle/tuningStore.ts";

/** A store under test, with nothing on trial, and what isolates read of it. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: TuningStore;
  tuning(): Promise<readonly TunedValue[]>;
  /** Lets the store's own clock go on. */
  passTime(ms: number): Promise<void>;
}

const limit: Knob = {
  name: "test.limit",
  kind: "integer",
  summary: "A limit of the test",
  defaultValue: 10,
  lowest: 1,
  highest: 100,
  step: { factor: 2 },
};
const hourMs = 3_600_000;
const note = { by: "tester", reason: "because" };
const how = { share: 0.25, windowMs: hourMs, limit: 3 };
const measured = {
  ...{ treated: 1, rest: 2, difference: -1, lower: -1.5, upper: -0.5 },
  ...{ treatedObservations: 100, restObservations: 300 },
};

const draft = (more: Partial<Draft> = {}): Draft => ({
  knob: limit,
  rule: "test-rule",
  direction: "up",
  before: 10,
  after: 20,
  evidence: { calls: 12 },
  expected: { name: "failures", better: "lower", before: 0.2, after: 0.1, lower: 0.05, upper: 0.15 },
  ...more,
});

async function onTrial(store: TuningStore, more: Partial<Draft> = {}): Promise<string> {
  const { id } = await store.propose(draft(more), note);
  assert.equal(await store.shadow(id!, { replayed: 3 }, true, note), "done");
  assert.equal(await store.beginTrial(id!, how, note), "done");
  assert.equal(await store.end(id!, "kept", undefined, note), "moved", "nothing is kept before it was tried");
  assert.equal(await store.startTrial(id!, note), "done");
  return id!;
}

const holds = async ({ tuning }: StoreUnderTest, name = limit.name) => {
  const tuned = (await tuning()).find((one) => one.name === name);
  return { value: tuned?.value, trial: tuned?.trial?.value };
};

/** What every store of changes must do, whatever it is made of. */
export const tuningStoreContract: Readonly<Record<string, (test: StoreUnderTest) => Promise<void>>> = {
  "a change that is kept is in force for all, and closed once its guard is over": async (test) => {
    const { store } = test;
    const id = await onTrial(store);
    assert.deepEqual(await holds(test), { value: undefined, trial: 20 });
    assert.equal(await store.end(id, "kept", measured, note), "done");
    assert.deepEqual(await holds(test), { value: 20, trial: undefined });
    const { open: [kept], knobs } = await store.read();
    assert.deepEqual([kept?.state, kept?.measured, kept?.shadow, knobs.get(limit.name)?.knob], [
      "kept",
      measured,
      { replayed: 3 },
      limit,
    ]);
    assert.equal(kept!.guardEndsAtMs! - kept!.keptAtMs!, hourMs);
    assert.equal(await store.closeGuard(id, false, measured, note), "done");
    const { open, past } = await store.read();
    assert.deepEqual([open.length, past[0]?.state, past[0]?.guard], [0, "kept", measured]);
    assert.deepEqual(await holds(test), { value: 20, trial: undefined });
  },

  "a change that is taken back leaves the knob as it was": async (test) => {
    for (const state of ["reverted", "abandoned", "vetoed"] as const) {
      const id = await onTrial(test.store);
      assert.equal(await test.store.end(id, state, measured, note), "done");
      assert.deepEqual(await holds(test), { value: undefined, trial: undefined });
      assert.equal((await test.store.read()).past[0]?.state, state);
    }
  },

  "what got worse after it was kept goes back to what the row said before": async (test) => {
    const id = await onTrial(test.store);
    await test.store.end(id, "kept", measured, note);
    assert.equal(await test.store.closeGuard(id, true, measured, note), "done");
    assert.deepEqual(await holds(test), { value: undefined, trial: undefined });
    assert.equal((await test.store.read()).past[0]?.state, "reverted");
  },

  "those it will be tried on are chosen first, and have what all have": async (test) => {
    const { id } = await test.store.propose(draft(), note);
    await test.store.shadow(id!, {}, true, note);
    await test.store.beginTrial(id!, how, note);
    assert.deepEqual(await holds(test), { value: undefined, trial: 10 });
    const { open: [change] } = await test.store.read();
    assert.deepEqual([change?.windows, change?.trialBeganAtMs], [0, undefined]);
    assert.equal(change!.windowEndsAtMs! - change!.leadBeganAtMs!, hourMs);
    assert.equal(await test.store.extendTrial(id!, undefined, note), "moved");
  },

  "each step is taken once, whoever takes it": async ({ store }) => {
    const id = await onTrial(store);
    assert.equal(await store.shadow(id, {}, true, note), "moved");
    assert.equal(await store.beginTrial(id, how, note), "moved");
    assert.equal(await store.startTrial(id, note), "moved");
    assert.equal(await store.closeGuard(id, true, measured, note), "moved");
    assert.equal(await store.extendTrial(id, measured, note), "done");
    assert.equal(await store.extendTrial(id, measured, note), "moved");
    const ends = await Promise.all([
      store.end(id, "kept", measured, note),
      store.end(id, "reverted", measured, note),
      store.end(id, "abandoned", measured, note),
    ]);
    assert.deepEqual(ends.toSorted(), ["done", "moved", "moved"]);
  },

  "one change is under way for a knob, and so many at once": async ({ store }) => {
    await onTrial(store);
    assert.equal((await store.propose(draft({ after: 15 }), note)).answer, "busy");
    const ids: string[] = [];
    for (const name of ["test.one", "test.two", "test.three"]) {
      const { id } = await store.propose(draft({ knob: { ...limit, name } }), note);
      await store.shadow(id!, {}, true, note);
      ids.push(id!);
    }
    const answers = await Promise.all(ids.map((id) => store.beginTrial(id, how, note)));
    assert.deepEqual(answers.toSorted(), ["crowded", "done", "done"]);
  },

  "a value outside the bounds never comes as far as a trial": async ({ store }) => {
    assert.equal((await store.propose(draft({ after: 101 }), note)).answer, "refused");
    assert.equal((await store.propose(draft({ after: 10.5 }), note)).answer, "refused");
    await store.refuse(draft(), { by: "tester", reason: "pinned" });
    const { open, past } = await store.read();
    assert.deepEqual([open, past], [[], []]);
  },

  "a trial that nobody judges ends by itself": async (test) => {
    await onTrial(test.store);
    await test.passTime(2.4 * hourMs);
    assert.equal((await holds(test)).trial, 20);
    await test.passTime(0.2 * hourMs);
    assert.equal((await holds(test)).trial, undefined);
  },
};
