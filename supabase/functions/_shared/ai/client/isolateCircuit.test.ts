import assert from "node:assert/strict";
import { isolateCircuit } from "./isolateCircuit.ts";

Deno.test("after failures in a row calls are kept away, answered by the fallback where there is one", async () => {
  const circuit = isolateCircuit("models", { failureThreshold: 2 });
  let calls = 0;
  const fail = () => {
    calls += 1;
    throw new Error("down");
  };
  for (let time = 0; time < 3; time++) await assert.rejects(circuit.execute(fail));
  assert.equal(calls, 2);
  assert.equal(
    await circuit.execute(fail, (error) => String(error)),
    "Error: Cannot call 'models' as it has failed too often",
  );
  assert.deepEqual(circuit.state(), { name: "open", share: 0, decidedBy: "isolate" });
});

Deno.test("work gets the caller's signal", async () => {
  const { signal } = new AbortController();
  assert.equal(await isolateCircuit("models").execute((call) => call.signal, undefined, { signal }), signal);
});
