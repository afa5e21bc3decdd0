import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { openRetryBudget, type RetryBudgetOptions } from "./openRetryBudget.ts";
import { MemoryRetryBudgetStore } from "./testing/memoryRetryBudgetStore.ts";

function fleet(isolates: number, options: RetryBudgetOptions = {}) {
  const clock = new FakeClock();
  const store = new MemoryRetryBudgetStore(clock);
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const budgets = Array.from(
    { length: isolates },
    () =>
      openRetryBudget({ store, clock, log: { warn: note, info: note }, waitUntil: (work) => void work, ...options }),
  );
  return { clock, store, logged, budgets };
}

/** Makes a call that fails, and tries as often again as it may; gives the retries. */
async function fail(budget: ReturnType<typeof openRetryBudget>, attempts = 4): Promise<number> {
  budget.earn();
  let retries = 0;
  while (retries < attempts - 1 && await budget.spend()) retries++;
  return retries;
}

Deno.test("openRetryBudget: alone, an isolate has a tenth of its calls, saves up one, and asks nobody", async () => {
  const alone = openRetryBudget();
  let retries = 0;
  for (let call = 0; call < 100; call++) retries += await fail(alone);
  assert.equal(retries, 10);
  for (let call = 0; call < 1_000; call++) alone.earn();
  assert.deepEqual([alone.spend(), alone.spend()], [true, false]);
});

Deno.test("openRetryBudget: while all is well the store hears nothing, however many calls there are", () => {
  const { store, budgets: [budget] } = fleet(1);
  for (let call = 0; call < 10_000; call++) budget!.earn();
  assert.equal(budget!.spend(), true);
  assert.equal(store.leases, 0);
});

Deno.test("openRetryBudget: beyond that it leases of the reserve, in blocks, and pauses when there is no more", async () => {
  const { clock, store, budgets: [budget] } = fleet(1, { reserve: 5, reserveShare: 0, earnedShare: 0, block: 2 });
  let retries = 0;
  for (let call = 0; call < 50; call++) retries += await fail(budget!);
  assert.deepEqual([retries, store.leases], [5, 3]);
  await clock.advance(999);
  await fail(budget!);
  assert.equal(store.leases, 3);
  await clock.advance(1);
  await fail(budget!);
  assert.equal(store.leases, 4);
  await clock.advance(3_600_000 / 5);
  assert.equal(await fail(budget!), 1);
});

Deno.test("openRetryBudget: failures that come together share a lease", async () => {
  const { store, budgets: [budget] } = fleet(1, { block: 3 });
  const paid = await Promise.all(Array.from({ length: 8 }, () => budget!.spend()));
  assert.deepEqual([paid.filter(Boolean).length, store.leases], [3, 1]);
});

Deno.test("openRetryBudget: without the store it has what it has earned, says so once, and comes back", async () => {
  const { clock, store, logged, budgets: [budget] } = fleet(1);
  store.failure = new Error("connection refused");
  let retries = 0;
  for (let call = 0; call < 40; call++) retries += await fail(budget!);
  assert.deepEqual([retries, store.leases], [4, 1]);
  await clock.advance(5_000);
  await fail(budget!);
  assert.deepEqual(logged, ["Retries are those that this isolate earns as the store is gone"]);
  store.failure = undefined;
  await clock.advance(5_000);
  assert.equal(await budget!.spend(), true);
  assert.equal(logged[1], "Retries draw on the fleet's reserve again");
});

Deno.test("openRetryBudget: a store that hangs holds a retry for a second, and none after it", async () => {
  const clock = new FakeClock();
  const store = { lease: () => new Promise<never>(() => {}) };
  const budget = openRetryBudget({ store, clock, waitUntil: () => {} });
  const waiting = budget.spend();
  await clock.advance(1_000);
  assert.equal(await waiting, false);
  assert.equal(budget.spend(), false);
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("openRetryBudget: a log that throws breaks nothing", async () => {
  const fail = () => {
    throw new Error("log");
  };
  const { clock, store, budgets: [budget] } = fleet(1, { log: { warn: fail, info: fail } });
  store.failure = new Error("connection refused");
  assert.equal(await budget!.spend(), false);
  store.failure = undefined;
  await clock.advance(5_000);
  assert.equal(await budget!.spend(), true);
});

Deno.test("openRetryBudget: however calls fall on isolates and time, the fleet's retries stay within what was paid for", async () => {
  const steps = fc.array(
    fc.record({
      isolate: fc.nat(),
      calls: fc.integer({ min: 1, max: 60 }),
      isDown: fc.boolean(),
      waitMs: fc.nat(3_000),
    }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 8 }), steps, async (isolates, plan) => {
      const { clock, budgets } = fleet(isolates);
      let [retries, calls, failed] = [0, 0, 0];
      for (const { isolate, calls: burst, isDown, waitMs } of plan) {
        const budget = budgets[isolate % isolates]!;
        for (let call = 0; call < burst; call++) {
          calls++;
          if (!isDown) budget.earn();
          else {
            failed++;
            retries += await fail(budget);
          }
        }
        await clock.advance(waitMs);
      }
      // Each attempt that fails earns for the reserve: the first ones and the retries.
      const paid = 0.1 * calls + 10 + 0.02 * (failed + retries) + clock.monotonic() * 10 / 3_600_000;
      assert.ok(retries <= paid + 1e-6, `${retries} retries, ${paid} were paid for`);
    }),
    { numRuns: 40 },
  );
});

Deno.test("openRetryBudget: options that are none are refused", () => {
  assert.throws(() => openRetryBudget({ name: "" }), /'name' must not be empty/);
  assert.throws(() => openRetryBudget({ earnedShare: 2 }), {
    message: "Cannot open a retry budget as 'earnedShare' must be a number from 0 to 1: current value is 2",
  });
});
