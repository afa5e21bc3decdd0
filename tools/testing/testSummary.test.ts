import assert from "node:assert/strict";
import { addTallies, closingLine, readTestSummary } from "./testSummary.ts";

Deno.test("reads passed, failed and ignored tests, not steps", () => {
  const output = "a ... ok\n\nFAILED | 12 passed (3 steps) | 4 failed (1 step) | 2 ignored (38ms)\n\n";
  assert.deepEqual(readTestSummary(output, 1), { passed: 12, failed: 4, skipped: 2 });
});

Deno.test("takes the last summary when a test prints one of its own", () => {
  const output = "ok | 99 passed | 0 failed (1ms)\nok | 7 passed | 0 failed (38ms)\n";
  assert.deepEqual(readTestSummary(output, 0), { passed: 7, failed: 0, skipped: 0 });
});

Deno.test("a crash without a summary is one failure", () => {
  assert.deepEqual(readTestSummary("error: Module not found\n", 1), { passed: 0, failed: 1, skipped: 0 });
  assert.deepEqual(readTestSummary("", 0), { passed: 0, failed: 1, skipped: 0 });
});

Deno.test("a non-zero exit after a clean summary is still a failure", () => {
  assert.equal(readTestSummary("ok | 7 passed | 0 failed (38ms)\n", 1).failed, 1);
});

Deno.test("the closing line names skipped tests only where there are any", () => {
  const tallies = [{ passed: 2, failed: 0, skipped: 0 }, { passed: 3, failed: 1, skipped: 0 }];
  assert.equal(closingLine(addTallies(tallies)), "5 passed, 1 failed");
  assert.equal(closingLine({ passed: 1, failed: 0, skipped: 2 }), "1 passed, 0 failed, 2 skipped");
});
