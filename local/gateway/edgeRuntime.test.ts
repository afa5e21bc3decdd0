import { deepEqual, equal } from "node:assert/strict";
import { trackBackgroundWork } from "./edgeRuntime.ts";

Deno.test("settled waits for work that was added while it waited", async () => {
  const done: string[] = [];
  const work = trackBackgroundWork(() => {});
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  work.edgeRuntime.waitUntil(first.promise.then(() => {
    done.push("first");
    work.edgeRuntime.waitUntil(second.promise.then(() => done.push("second")));
  }));
  const settled = work.settled().then(() => done.push("settled"));
  first.resolve();
  await first.promise;
  second.resolve();
  await settled;
  deepEqual(done, ["first", "second", "settled"]);
  equal(work.pending, 0);
});

Deno.test("a rejection is reported and does not stop the others", async () => {
  const errors: unknown[] = [];
  const work = trackBackgroundWork((error) => errors.push(error));
  const failure = new Error("background");
  work.edgeRuntime.waitUntil(Promise.reject(failure));
  await work.settled();
  deepEqual(errors, [failure]);
});
