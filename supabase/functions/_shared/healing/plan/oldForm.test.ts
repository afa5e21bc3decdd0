import assert from "node:assert/strict";
import { type ColumnEvent, ColumnPast } from "../../schema/columnPast.ts";
import { column } from "../patterns/testing/patternFixture.ts";
import { findOldForm } from "./oldForm.ts";

const renamed = (version: number, attnum: number, name: string): ColumnEvent => ({
  kind: "column_renamed",
  name,
  attnum,
  version,
});

const columns = [column(1, "price"), column(2, "list_price"), column(3, "note")];
/** `total` became `price`, and `price` became `list_price`. */
const past = new ColumnPast([renamed(2, 1, "total"), renamed(2, 2, "price")]);

Deno.test("a name that has changed hands means what it meant beside a former name", () => {
  const { toldBy, moved } = findOldForm(["total", "price", "note"], columns, past);
  assert.deepEqual([toldBy, [...moved]], [["total"], [["price", columns[1]]]]);
});

Deno.test("without a former name every name means what it says", () => {
  for (const names of [["price", "list_price"], ["price", "unknown"], []]) {
    assert.deepEqual(findOldForm(names, columns, past), { toldBy: [], moved: new Map() });
  }
});

Deno.test("a swap is seen when a third name tells the form", () => {
  const swapped = new ColumnPast([renamed(4, 1, "list_price"), renamed(4, 2, "price"), renamed(4, 3, "remark")]);
  const { moved } = findOldForm(["remark", "price", "list_price"], columns, swapped);
  assert.deepEqual([...moved], [["price", columns[1]], ["list_price", columns[0]]]);
});

Deno.test("a name whose column is gone since means none", () => {
  const gone = new ColumnPast([
    renamed(2, 1, "total"),
    { kind: "column_dropped", name: "price", attnum: 9, version: 2 },
  ]);
  assert.deepEqual([...findOldForm(["total", "price"], columns, gone).moved], [["price", undefined]]);
});

Deno.test("names that never stood together tell nothing of those that changed hands", () => {
  const added = new ColumnPast([
    renamed(2, 1, "total"),
    renamed(2, 2, "price"),
    { kind: "column_added", name: null, attnum: 3, version: 2 },
  ]);
  assert.deepEqual([...findOldForm(["total", "price", "note"], columns, added).moved], [["price", undefined]]);
  const apart = new ColumnPast([renamed(2, 1, "a"), renamed(4, 1, "b"), renamed(6, 2, "c")]);
  assert.deepEqual([...findOldForm(["a", "c", "note"], columns, apart).moved], []);
});

Deno.test("a name that went and came back to its column means that column, whatever the others tell", () => {
  const names = [[2, 3, "remark"], [4, 2, "cost"], [6, 2, "list_price"], [8, 2, "fee"]] as const;
  const back = new ColumnPast(names.map(([version, attnum, name]) => renamed(version, attnum, name)));
  assert.deepEqual([...findOldForm(["remark", "list_price"], columns, back).moved], []);
});
