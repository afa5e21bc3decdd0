import assert from "node:assert/strict";
import { CallScope } from "./callScope.ts";
import { definePolicy } from "./definePolicy.ts";
import { cancelCall } from "./testing/cancelCall.ts";

const plain = definePolicy((work, scope) => Promise.resolve(work(scope)));

Deno.test("definePolicy: an abort from outside rejects at once, though the work heeds nothing", async () => {
  const [fromOutside, , before] = await cancelCall(plain);
  assert.deepEqual(fromOutside, { outcome: "enough", listenersOnSignal: 0, listenersOnScope: 0 });
  assert.equal(before?.outcome, "enough");
});

Deno.test("definePolicy: what is thrown is a rejection, and an answer leaves no listener", async () => {
  await assert.rejects(
    plain.execute(() => {
      throw new Error("at once");
    }),
    /at once/,
  );
  const { signal } = new AbortController();
  const options = { signal, key: "k" };
  assert.equal(await plain.execute((call) => (call as CallScope).key, options), "k");
  assert.equal(await plain.execute((call) => call.signal === signal, options), true);
});

Deno.test("definePolicy: inside of another policy the scope that is there is taken over", async () => {
  const scope = new CallScope(undefined);
  assert.equal(await plain.execute((call) => call === scope, scope), true);
});
