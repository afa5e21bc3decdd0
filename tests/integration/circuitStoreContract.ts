import assert from "node:assert/strict";
import type { CircuitReport, CircuitStore } from "../../supabase/functions/_shared/breaker/circuitStore.ts";

/** A store under test, empty, with a way to let its time pass. */
export interface StoreUnderTest extends AsyncDisposable {
  readonly store: CircuitStore;
  /** Lets the store's own clock go on. */
  passTime(ms: number): Promise<void>;
}

const told = (isolate: string, some: Partial<CircuitReport> = {}): CircuitReport => ({
  name: "ai",
  isolate,
  epoch: 0,
  calls: 4,
  failures: 3,
  isDoubtful: false,
  lastsMs: 10_000,
  ...some,
});

/** What every store must do, whatever it is made of. */
export const circuitStoreContract: Readonly<Record<string, (test: StoreUnderTest) => Promise<void>>> = {
  "what nobody has told of is not there": async ({ store }) => {
    assert.deepEqual((await store.read()).circuits, []);
  },

  "a phase begins for whoever has seen the last one, and for nobody else": async ({ store }) => {
    const open = { kind: "open", lastsMs: 5_000, trips: 1 } as const;
    const first = await store.change("ai", 0, open, "it failed");
    assert.equal(first.isChanged, true);
    assert.equal(first.circuit.epoch, 1);
    const late = await store.change("ai", 0, { kind: "closed" }, "it works");
    assert.equal(late.isChanged, false);
    assert.equal(late.circuit.phase.kind, "open");
    assert.equal((await store.change("ai", 7, { kind: "closed" }, "it works")).isChanged, false);
    assert.equal((await store.change("other", 7, { kind: "closed" }, "it works")).isChanged, false);
    const [circuit] = (await store.read()).circuits;
    assert.equal(circuit?.reason, "it failed");
    assert.ok(circuit?.phase.kind === "open" && circuit.phase.trips === 1);
    assert.ok(circuit.phase.lastsMs > 0 && circuit.phase.lastsMs <= 5_000, `${circuit.phase.lastsMs}`);
  },

  "phases keep all that belongs to them, and their time runs out by the store's clock": async ({ store, passTime }) => {
    await store.change("ai", 0, { kind: "probing", holder: "i1", lastsMs: 2_000, trips: 3 }, "time");
    await passTime(3_000);
    const [probing] = (await store.read()).circuits;
    assert.ok(probing?.phase.kind === "probing" && probing.phase.holder === "i1" && probing.phase.trips === 3);
    assert.ok(probing.phase.lastsMs < 0 && probing.phase.lastsMs > -2_000, `${probing.phase.lastsMs}`);
    await store.change("ai", 1, { kind: "ramping", step: 2, lastsMs: 1_000, trips: 3 }, "it works");
    const [ramping] = (await store.read()).circuits;
    assert.ok(ramping?.phase.kind === "ramping" && ramping.phase.step === 2 && ramping.phase.trips === 3);
    await store.change("ai", 2, { kind: "closed" }, "it works");
    const [closed] = (await store.read()).circuits;
    assert.deepEqual([closed?.phase, closed?.epoch], [{ kind: "closed" }, 3]);
  },

  "of many who would begin a phase at once one does": async ({ store }) => {
    for (let epoch = 0; epoch < 5; epoch++) {
      const changes = await Promise.all(Array.from({ length: 20 }, (_, isolate) => {
        return store.change("ai", epoch, { kind: "probing", holder: `i${isolate}`, lastsMs: 1_000, trips: 1 }, "time");
      }));
      const [winner, ...others] = changes.filter(({ isChanged }) => isChanged);
      assert.equal(others.length, 0);
      assert.equal(winner?.circuit.epoch, epoch + 1);
    }
  },

  "an isolate's word takes the place of its last one, and is seen with the others'": async ({ store }) => {
    assert.deepEqual((await store.report(told("i1"))).votes.map(({ isolate }) => isolate), ["i1"]);
    await store.report(told("i2", { failures: 0 }));
    const { votes, circuit } = await store.report(told("i1", { calls: 9, failures: 9, isDoubtful: true, epoch: 2 }));
    assert.equal(votes.length, 2);
    const own = votes.find(({ isolate }) => isolate === "i1");
    assert.deepEqual([own?.calls, own?.failures, own?.isDoubtful, own?.epoch], [9, 9, true, 2]);
    assert.deepEqual([circuit.epoch, circuit.phase.kind, circuit.suspects], [0, "closed", 1]);
    assert.deepEqual((await store.read()).circuits.map(({ name, suspects }) => [name, suspects]), [["ai", 1]]);
  },

  "a word counts as long as it says, and for its own circuit": async ({ store, passTime }) => {
    await store.report(told("i1", { lastsMs: 1_000 }));
    await store.report(told("i1", { name: "mail", lastsMs: 60_000 }));
    await passTime(2_000);
    const { votes } = await store.report(told("i2"));
    assert.deepEqual(votes.map(({ isolate }) => isolate), ["i2"]);
    assert.deepEqual((await store.read()).circuits.map(({ name, suspects }) => [name, suspects]).sort(), [["ai", 1], [
      "mail",
      1,
    ]]);
  },

  "an override stands beside the phase until it is taken back": async ({ store }) => {
    const overridden = await store.override("ai", "open", "maintenance");
    assert.deepEqual(overridden.override, { to: "open", reason: "maintenance" });
    const changed = await store.change("ai", overridden.epoch, { kind: "open", lastsMs: 1_000, trips: 1 }, "it failed");
    assert.deepEqual([changed.isChanged, changed.circuit.override?.to], [true, "open"]);
    assert.equal((await store.read()).circuits[0]?.override?.reason, "maintenance");
    await store.override("ai", "closed", "it is well");
    assert.equal((await store.read()).circuits[0]?.override?.to, "closed");
    await store.override("ai", undefined, "");
    const [circuit] = (await store.read()).circuits;
    assert.deepEqual([circuit?.override, circuit?.phase.kind], [undefined, "open"]);
  },

  "names are data": async ({ store }) => {
    for (const name of ["a b", "it's", 'say "hi"', "{x}", "*", "\u00e9\u{1f600}", "a:b.c"]) {
      await store.report(told("i'1", { name }));
      assert.equal(
        (await store.change(name, 0, { kind: "open", lastsMs: 1_000, trips: 1 }, `the "reason"`)).isChanged,
        true,
      );
      assert.equal((await store.read()).circuits.find((circuit) => circuit.name === name)?.suspects, 1);
    }
  },
};
