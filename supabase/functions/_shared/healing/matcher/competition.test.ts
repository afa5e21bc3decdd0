import assert from "node:assert/strict";
import { Competition } from "./competition.ts";

const logits = [Float64Array.of(4, 1, -3), Float64Array.of(3, -2, -9)];

Deno.test("Competition tells the lead over rivals of both sides", () => {
  const competition = new Competition(logits, 3);
  assert.deepEqual(competition.standingOf(0, 0), { overTargets: 3, overSources: 1 });
  assert.deepEqual(competition.standingOf(1, 0), { overTargets: 5, overSources: -1 });
});

Deno.test("Competition lets a column alone in its field lead over having no partner", () => {
  assert.deepEqual(new Competition([Float64Array.of(2)], 1).standingOf(0, 0), { overTargets: 8, overSources: 8 });
});

Deno.test("Competition lowers a pair whose column another source claims", () => {
  const contested = new Competition(logits, 3).contested();
  const unclaimed = new Competition([logits[1]!], 3).contested();
  assert.ok(contested[1]![0]! < unclaimed[0]![0]!);
  assert.ok(contested[0]![0]! > logits[0]![0]!, "the best of its row and column gains");
  assert.ok(contested[1]![1]! < logits[1]![1]!, "the second of its row and column loses");
});
