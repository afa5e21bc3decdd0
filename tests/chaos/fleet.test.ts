// deno-lint-ignore-file no-console -- the seed that replays the runs
import assert from "node:assert/strict";
import fc from "fast-check";
import { anyStory, happen } from "./fleet/fleetEvents.ts";
import { FleetWorld, worldOptions } from "./fleet/fleetWorld.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const numRuns = Deno.env.get("BALLAST_CHAOS") === "full" ? 5_000 : 250;
const ttlMs = 5_000;
const waitMs = 300;

/** All is well again, and those who live go on calling. */
async function recover(world: FleetWorld): Promise<void> {
  world.dependency = "up";
  world.isStoreLost = false;
  for (const isolate of world.isolates) isolate.isPoisoned = false;
  await world.store.override("ai", undefined, "");
  for (let tick = 0; tick < 500; tick++) {
    for (const number of world.isolates.keys()) void world.call(number);
    await world.pass(100);
  }
}

function check(predicate: (world: FleetWorld) => void, world: FleetWorld): void {
  assert.deepEqual(world.faults, []);
  predicate(world);
}

async function assertProperty(property: fc.IAsyncProperty<unknown>): Promise<void> {
  console.log(`seed ${seed}, ${numRuns} runs`);
  await fc.assert(property, { seed, numRuns, endOnFailure: false });
}

Deno.test("whatever happens in whatever order: one probe a lease, and no circuit stays open for ever", () =>
  assertProperty(fc.asyncProperty(fc.scheduler(), anyStory, fc.nat(1e6), async (scheduler, story, start) => {
    let isFree = false;
    const world = new FleetWorld(5, start, () => isFree ? Promise.resolve() : scheduler.schedule(Promise.resolve()));
    for (const event of story) {
      await happen(world, event);
      if (scheduler.count() > 0) await scheduler.waitNext(Math.ceil(scheduler.count() / 2));
      await world.settle();
    }
    isFree = true;
    await scheduler.waitIdle();
    await recover(world);
    check(({ isolates }) => {
      for (const { circuit, isDead } of isolates) {
        if (!isDead) assert.deepEqual(circuit.state(), { name: "closed", share: 1, decidedBy: "fleet" });
      }
      assert.equal(world.store.phase("ai").kind, "closed");
    }, world);
  })));

Deno.test("an open circuit is not called by whoever may know, however wrong the clocks are", () =>
  assertProperty(fc.asyncProperty(anyStory, fc.nat(1e6), async (story, start) => {
    const world = new FleetWorld(5, start);
    let openSinceMs = Infinity;
    for (const event of story) {
      if (event.kind === "store") continue;
      const before = world.calls.length;
      const isOverridden = world.store.rows.get("ai")?.override !== undefined;
      await happen(world, event);
      const isOpen = world.store.phase("ai").kind !== "closed";
      for (const { permit, atMs } of world.calls.slice(before)) {
        // A probe and the way back are the fleet's own word; whoever thinks that it is closed has not asked for too long.
        const isUnaware = permit.scope === "isolate" && atMs - openSinceMs > ttlMs + waitMs;
        if (isUnaware && isOpen && !isOverridden) {
          world.faults.push(`called at ${atMs} what is open since ${openSinceMs}`);
        }
      }
      openSinceMs = !isOpen ? Infinity : Math.min(openSinceMs, world.nowMs);
    }
    check(() => {}, world);
  })));

Deno.test("a poisoned isolate does not open the circuit for the others", () =>
  assertProperty(fc.asyncProperty(anyStory, fc.nat(1e6), async (story, start) => {
    const world = new FleetWorld(5, start);
    world.isolates[0]!.isPoisoned = true;
    for (const event of story) {
      if (event.kind === "call" || event.kind === "pass" || (event.kind === "die" && event.isolate !== 0)) {
        await happen(world, event);
      }
    }
    check(({ isolates, store }) => {
      assert.deepEqual(store.history, []);
      for (const { refused } of isolates.slice(1)) assert.equal(refused, 0);
    }, world);
  })));

Deno.test("a store that is lost leaves each isolate its own circuit, and finds them together again", () =>
  assertProperty(fc.asyncProperty(fc.nat(1e6), fc.integer({ min: 0, max: 20_000 }), async (start, lostMs) => {
    const world = new FleetWorld(5, start);
    const all = async (times: number) => {
      for (let time = 0; time < times; time++) {
        for (const number of world.isolates.keys()) await world.call(number);
        await world.pass(100);
      }
    };
    await all(3);
    world.isStoreLost = true;
    world.dependency = "down";
    const before = world.calls.length;
    const ticks = Math.ceil(lostMs / 100);
    await all(ticks);
    // Five to open, then one each time it has waited, which is at least three quarters of two seconds.
    const most = 5 + Math.floor(lostMs / (worldOptions.resetTimeout! * 0.75));
    assert.ok(world.calls.length - before <= 5 * most, `${world.calls.length - before} calls of a dead dependency`);
    await recover(world);
    check(({ isolates }) => {
      for (const { circuit } of isolates) assert.equal(circuit.state().name, "closed");
    }, world);
  })));
