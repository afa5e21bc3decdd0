import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { SharedRun } from "./sharedRun.ts";

Deno.test("whoever comes during a run or within a second of its start gets its result", async () => {
  const clock = new FakeClock();
  const shared = new SharedRun<number>({ clock });
  let runs = 0;
  const run = () => Promise.resolve(++runs);
  assert.deepEqual(await Promise.all([shared.get(run), shared.get(run)]), [1, 1]);
  await clock.advance(999);
  assert.equal(await shared.get(run), 1);
  await clock.advance(1);
  assert.equal(await shared.get(run), 2);
});

Deno.test("a run that takes longer than a second is still the only one", async () => {
  const clock = new FakeClock();
  const shared = new SharedRun<number>({ clock });
  const slow = Promise.withResolvers<number>();
  const first = shared.get(() => slow.promise);
  await clock.advance(5_000);
  const second = shared.get(() => Promise.resolve(2));
  slow.resolve(1);
  assert.deepEqual(await Promise.all([first, second]), [1, 1]);
});

Deno.test("a run that fails, even before it began, fails its askers and nobody after them", async () => {
  const shared = new SharedRun<number>({ clock: new FakeClock() });
  const failing = shared.get(() => {
    throw new TypeError("broken");
  });
  await assert.rejects(failing, TypeError);
  assert.equal(await shared.get(() => Promise.resolve(7)), 7);
});
