import assert from "node:assert/strict";
import { mayBeMisread } from "./findMisread.ts";

Deno.test("numbers that end in a month and a day are looked at, those that can be no day are not", () => {
  const suspects = [1594070325, 1594070325n, 159407_0325, 100_000_0101, 123_450_101];
  for (const value of suspects) assert.ok(mayBeMisread([{ a: "x" }, { a: 1, b: value }]), String(value));
  const others = [1594071325, 1594070332, 1594070300, 20240115, 1_700_000_000_000, 1594070325.5, -1594070325, 7, NaN];
  for (const value of [...others, "1594070325", null, undefined, true]) assert.ok(!mayBeMisread([{ b: value }]));
});
