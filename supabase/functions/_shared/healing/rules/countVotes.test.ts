import assert from "node:assert/strict";
import { countVotes } from "./countVotes.ts";
import { vote } from "./testing/pastFixture.ts";

const votes = (count: number, table: string, writer?: string) =>
  Array.from({ length: count }, (_, at) => vote(`k${at}`, "c", { table, ...writer === undefined ? {} : { writer } }));

Deno.test("no table gives more than a third of the votes that count", () => {
  assert.equal(countVotes([...votes(10, "a"), ...votes(10, "b"), ...votes(10, "c")], false), 30);
  assert.equal(countVotes([...votes(1_000, "a"), ...votes(10, "b"), ...votes(10, "c")], false), 30);
  assert.equal(countVotes(votes(1_000, "a"), false), 0);
  assert.equal(countVotes(votes(1_000, "a"), true), 1_000, "a rule of that table is judged by it");
});

Deno.test("no writer from outside gives more than a third, with or without the service's own", () => {
  const ours = ["a", "b", "c"].flatMap((table) => votes(10, table));
  const flood = Array.from({ length: 900 }, (_, at) => votes(1, "abc"[at % 3]!, "tenant")[0]!);
  assert.equal(countVotes(flood, false), 0);
  assert.equal(countVotes([...ours, ...flood], false), 45);
  assert.equal(countVotes([], false), 0);
});
