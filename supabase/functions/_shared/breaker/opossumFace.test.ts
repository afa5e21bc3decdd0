import assert from "node:assert/strict";
import Opossum from "opossum";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { CircuitRegistry } from "./circuitRegistry.ts";
import { OpossumFace } from "./opossumFace.ts";

/** What both have in common, as code written for opossum sees it. */
interface Breaker {
  readonly opened: boolean;
  readonly closed: boolean;
  readonly stats: { readonly fires: number; readonly failures: number; readonly successes: number };
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  fallback(answer: (...args: unknown[]) => unknown): unknown;
  fire(...args: unknown[]): Promise<unknown>;
  open(): void;
  close(): void;
  shutdown(): void;
  toJSON(): { readonly state: Record<string, unknown> };
}

const options = { name: "action", timeout: false, volumeThreshold: 5, resetTimeout: 60_000 } as const;
const action = (...args: unknown[]) => args[0] === "bad" ? Promise.reject(new Error("bad")) : Promise.resolve(args);

const makers: Record<string, () => Breaker> = {
  opossum: () => new (Opossum as unknown as new (of: unknown, options: object) => Breaker)(action, { ...options }),
  ours: () =>
    new OpossumFace(action, { ...options, registry: new CircuitRegistry({ clock: new FakeClock() }) }) as Breaker,
};

const events = ["fire", "success", "failure", "reject", "fallback", "open", "close"];

function record(breaker: Breaker): string[] {
  const seen: string[] = [];
  for (const event of events) breaker.on(event, () => seen.push(event));
  return seen;
}

for (const [maker, make] of Object.entries(makers)) {
  const test = (name: string, check: (breaker: Breaker, seen: string[]) => Promise<void>) =>
    Deno.test(`${maker}: ${name}`, async () => {
      const breaker = make();
      try {
        await check(breaker, record(breaker));
      } finally {
        breaker.shutdown();
      }
    });

  test("passes arguments and results, and counts", async (breaker, seen) => {
    assert.deepEqual(await breaker.fire(1, "two"), [1, "two"]);
    await assert.rejects(breaker.fire("bad"), /bad/);
    assert.deepEqual(seen, ["fire", "success", "fire", "failure"]);
    assert.deepEqual([breaker.stats.fires, breaker.stats.successes, breaker.stats.failures], [2, 1, 1]);
    assert.deepEqual([breaker.closed, breaker.opened], [true, false]);
  });

  test("opens when too many have failed, and rejects with its own error", async (breaker, seen) => {
    for (let time = 0; time < 5; time++) await assert.rejects(breaker.fire("bad"), /bad/);
    assert.equal(seen.at(-1), "open");
    await assert.rejects(breaker.fire(1), { code: "EOPENBREAKER" });
    assert.equal(seen.at(-1), "reject");
    assert.deepEqual([breaker.closed, breaker.opened, breaker.toJSON().state.open], [false, true, true]);
  });

  test("falls back with the arguments and the error, also while it is open", async (breaker, seen) => {
    breaker.fallback((...args) => `instead of ${args[0]}: ${(args.at(-1) as Error).message}`);
    assert.equal(await breaker.fire("bad", 7), "instead of bad: bad");
    assert.deepEqual(seen, ["fire", "failure", "fallback"]);
    for (let time = 0; time < 5; time++) await breaker.fire("bad");
    seen.length = 0;
    assert.match(String(await breaker.fire(1)), /^instead of 1: /);
    assert.deepEqual(seen, ["fire", "reject", "fallback"]);
  });

  test("is opened and closed by hand", async (breaker, seen) => {
    breaker.open();
    await assert.rejects(breaker.fire(1), { code: "EOPENBREAKER" });
    breaker.close();
    assert.deepEqual(await breaker.fire(1), [1]);
    assert.deepEqual(seen.filter((event) => ["open", "close", "success"].includes(event)), [
      "open",
      "close",
      "success",
    ]);
  });

  test("rejects once it is shut down", async (breaker) => {
    breaker.shutdown();
    await assert.rejects(breaker.fire(1), { code: "ESHUTDOWN" });
  });
}
