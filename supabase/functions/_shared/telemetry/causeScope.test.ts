import assert from "node:assert/strict";
import { causedBy, currentCause } from "./causeScope.ts";

Deno.test("what is begun on behalf of a request knows it to its end, and neighbours are kept apart", async () => {
  const seen: (string | undefined)[] = [];
  const note = async () => {
    await Promise.resolve();
    queueMicrotask(() => seen.push(currentCause()?.requestId));
    await Promise.resolve();
    seen.push(currentCause()?.requestId);
  };
  const one = causedBy({ requestId: "one", functionName: "f" }, note);
  const two = causedBy({ requestId: "two", functionName: "f" }, note);
  await Promise.all([one, two]);
  assert.deepEqual(seen.sort(), ["one", "one", "two", "two"]);
  assert.equal(currentCause(), undefined);
});
