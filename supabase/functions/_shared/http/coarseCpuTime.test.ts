import assert from "node:assert/strict";
import { CoarseCpuTime } from "./coarseCpuTime.ts";

Deno.test("the runtime is asked every 20 ms, and told as it was then in between", () => {
  let used: number | undefined = 100;
  let asked = 0;
  const cpuTime = new CoarseCpuTime({ cpuTimeMs: () => (asked++, used) });
  assert.equal(cpuTime.read(5), 100);
  used = 118;
  assert.equal(cpuTime.read(24.9), 100);
  assert.equal(cpuTime.read(25), 118);
  assert.equal(asked, 2);
});

Deno.test("a runtime that does not tell is not asked for each request either", () => {
  let asked = 0;
  const cpuTime = new CoarseCpuTime({ cpuTimeMs: () => void asked++ as undefined });
  assert.equal(cpuTime.read(0), undefined);
  assert.equal(cpuTime.read(1), undefined);
  assert.equal(asked, 1);
});
