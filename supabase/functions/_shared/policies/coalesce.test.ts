import assert from "node:assert/strict";
import fc from "fast-check";
import { coalesce } from "./coalesce.ts";
import { cancelCall } from "./testing/cancelCall.ts";
import { HeldWork } from "./testing/heldWork.ts";

const turns = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

Deno.test("coalesce: calls of one key are one call while it lasts, those of others and those without are not", async () => {
  const policy = coalesce();
  const work = new HeldWork();
  const ask = (key?: string) => policy.execute(work.run, key === undefined ? {} : { key });
  const answers = [ask("a"), ask("a"), ask("b"), ask(), ask()];
  await turns();
  assert.equal(work.calls.length, 4);
  work.calls.forEach(({ end }) => end());
  assert.deepEqual(await Promise.all(answers), answers.map(() => "done"));
  const later = ask("a");
  await turns();
  assert.equal(work.calls.length, 5);
  work.calls[4]!.fail(new Error("shared"));
  await assert.rejects(later, /shared/);
});

Deno.test("coalesce: who leaves costs the others nothing; the last one ends the call, and the next begins afresh", async () => {
  const policy = coalesce();
  const work = new HeldWork();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = policy.execute(work.run, { key: "a", signal: one.signal });
  const second = policy.execute(work.run, { key: "a", signal: two.signal });
  await turns();
  one.abort(new Error("first left"));
  await assert.rejects(first, /first left/);
  assert.equal(work.running, 1);
  two.abort(new Error("second left"));
  const third = policy.execute(work.run, { key: "a" });
  await assert.rejects(second, /second left/);
  await turns();
  assert.deepEqual([work.running, work.calls.length], [1, 2]);
  work.calls[1]!.end("fresh");
  assert.equal(await third, "fresh");
});

Deno.test("coalesce: one who throws at once is heard of, and keeps nobody out", async () => {
  const policy = coalesce();
  const fail = () => {
    throw new Error("at once");
  };
  await assert.rejects(policy.execute(fail, { key: "a" }), /at once/);
  assert.equal(await policy.execute(() => 7, { key: "a" }), 7);
});

Deno.test("coalesce: an abort rejects at once and leaves no listener", async () => {
  for (const cancelled of await cancelCall(coalesce(), { key: "a" })) {
    assert.deepEqual(cancelled, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  }
});

Deno.test("coalesce: keys beyond the most run by themselves", async () => {
  const policy = coalesce({ maxKeys: 1 });
  const work = new HeldWork();
  const answers = ["a", "b", "b", "a"].map((key) => policy.execute(work.run, { key }));
  await turns();
  assert.equal(work.calls.length, 3);
  work.calls.forEach(({ end }) => end());
  await Promise.all(answers);
});

Deno.test("coalesce: however calls of a key fall together, at most one of it runs at a time", async () => {
  const step = fc.record({ key: fc.constantFrom("a", "b"), isCall: fc.boolean(), turns: fc.nat({ max: 6 }) });
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const policy = coalesce();
    const running = new Map<string, () => void>();
    const answers: Promise<string>[] = [];
    for (const { key, isCall, turns: pause } of steps) {
      if (isCall) {
        const work = () => {
          assert.equal(running.has(key), false);
          return new Promise<string>((resolve) => {
            running.set(key, () => (running.delete(key), resolve(key)));
          });
        };
        answers.push(policy.execute(work, { key }));
      } else running.get(key)?.();
      for (let turn = 0; turn < pause; turn++) await Promise.resolve();
    }
    for (let round = 0; round <= steps.length; round++) {
      await turns(); // What was asked for last has begun by then.
      for (const end of [...running.values()]) end();
    }
    await Promise.all(answers);
  }));
});
