import assert from "node:assert/strict";
import { type ColumnEvent, ColumnPast } from "./columnPast.ts";
import type { ColumnSnapshot } from "./snapshot.ts";

const columns = (names: Readonly<Record<string, number>>) =>
  Object.entries(names).map(([name, attnum]) => ({ name, attnum } as ColumnSnapshot));
const renamed = (version: number, attnum: number, name: string): ColumnEvent => ({
  kind: "column_renamed",
  name,
  attnum,
  version,
});
const past = (...events: ColumnEvent[]) => new ColumnPast(events);

Deno.test("a former name is that of the column that was the last to have it", () => {
  assert.deepEqual([...past(renamed(2, 1, "a"), renamed(3, 2, "a"), renamed(3, 3, "b")).former], [["a", 2], ["b", 3]]);
  assert.equal(past({ kind: "column_added", name: null, attnum: 4, version: 2 }).former.size, 0);
});

Deno.test("a column's own former names are told, the latest first", () => {
  const twice = past(renamed(2, 1, "a"), renamed(3, 2, "x"), renamed(4, 1, "b"), renamed(5, 1, "a"));
  assert.deepEqual([twice.namesOf(1), twice.namesOf(3)], [["a", "b"], []]);
});

Deno.test("names that moved on by one are told from one that only the old form has", () => {
  // total and price became price and list_price
  const moved = past(renamed(5, 1, "total"), renamed(5, 2, "price"));
  const found = moved.namesWhen(["total"], columns({ price: 1, list_price: 2, note: 3 }));
  assert.deepEqual([...found!].sort(), [["note", 3], ["price", 2], ["total", 1]]);
});

Deno.test("several former names are those of one version, the newest that had them all", () => {
  const twice = past(renamed(2, 1, "a"), renamed(4, 1, "b"), renamed(4, 2, "c"), renamed(6, 2, "d"));
  const now = columns({ x: 1, y: 2 });
  assert.deepEqual([...twice.namesWhen(["b", "c"], now)!].sort(), [["b", 1], ["c", 2]]);
  assert.deepEqual([...twice.namesWhen(["d"], now)!].sort(), [["d", 2], ["x", 1]]);
  assert.equal(twice.namesWhen(["a", "d"], now), undefined);
  assert.equal(twice.namesWhen(["x"], now), undefined);
});

Deno.test("a column that was added later was not there, one that was dropped later was", () => {
  const dropped: ColumnEvent = { kind: "column_dropped", name: "gone", attnum: 2, version: 4 };
  const added: ColumnEvent = { kind: "column_added", name: null, attnum: 3, version: 4 };
  const found = past(renamed(3, 1, "a"), dropped, added).namesWhen(["a"], columns({ x: 1, gone: 3 }));
  assert.deepEqual([...found!].sort(), [["a", 1], ["gone", 2]]);
});
