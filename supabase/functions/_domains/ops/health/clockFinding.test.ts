import assert from "node:assert/strict";
import { clockFinding } from "./clockFinding.ts";

const reading = (aheadMs: number, roundTripMs = 10) => ({
  sentAtMs: 1_000_000 + aheadMs,
  receivedAtMs: 1_000_000 + aheadMs + roundTripMs,
  databaseMs: 1_000_000 + roundTripMs / 2,
});

Deno.test("clocks are compared at the middle of the round trip", () => {
  const finding = clockFinding(reading(700, 400));
  assert.equal(finding.observedValue, 700);
  assert.equal(finding.status, "pass");
});

Deno.test("over a second of skew warns, over half a minute fails, in either direction", () => {
  for (const sign of [1, -1]) {
    assert.equal(clockFinding(reading(sign * 990)).status, "pass");
    assert.equal(clockFinding(reading(sign * 1_010)).status, "warn");
    assert.equal(clockFinding(reading(sign * 29_990)).status, "warn");
    assert.equal(clockFinding(reading(sign * 30_010)).status, "fail");
  }
});

Deno.test("what a slow round trip may explain is not held against the clock", () => {
  assert.equal(clockFinding(reading(1_400, 1_000)).status, "pass");
  assert.equal(clockFinding(reading(1_600, 1_000)).status, "warn");
});
