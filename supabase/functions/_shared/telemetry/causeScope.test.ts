import assert from "node:assert/strict";
import { causedBy, currentCause, keepCause } from "./causeScope.ts";

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

Deno.test("work that somebody else's timer calls is done on behalf of whoever asked for it", () => {
  const seen: (string | undefined)[] = [];
  const note = () => void seen.push(currentCause()?.requestId);
  const [kept, nobodys] = [causedBy({ requestId: "one", functionName: "f" }, () => keepCause(note)), keepCause(note)];
  causedBy({ requestId: "timer", functionName: "f" }, () => {
    kept();
    nobodys();
  });
  assert.deepEqual(seen, ["one", "timer"]);
});
