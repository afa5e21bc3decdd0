import assert from "node:assert/strict";
import { nextRolloutPercent } from "./rolloutLadder.ts";

Deno.test("a roll-out climbs 5, 25, 50, 100 and stops there", () => {
  const climbed: number[] = [];
  for (let percent = nextRolloutPercent(0); percent !== undefined; percent = nextRolloutPercent(percent)) {
    climbed.push(percent);
  }
  assert.deepEqual(climbed, [5, 25, 50, 100]);
});

Deno.test("a share between two steps goes to the step above it", () => {
  assert.equal(nextRolloutPercent(7), 25);
  assert.equal(nextRolloutPercent(99), 100);
});
