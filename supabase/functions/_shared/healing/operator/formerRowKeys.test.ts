import assert from "node:assert/strict";
import { ColumnPast } from "../../schema/columnPast.ts";
import { column } from "../patterns/testing/patternFixture.ts";
import { formerRowKeys } from "./formerRowKeys.ts";

const table = { columns: [column(1, "id"), column(2, "line")] };
const renamed = (attnum: number, name: string) => ({ kind: "column_renamed" as const, name, attnum, version: 2 });

Deno.test("a key is told under all names that its columns have had", () => {
  const past = new ColumnPast([renamed(1, "order_id"), renamed(2, "no"), renamed(3, "other")]);
  assert.deepEqual(formerRowKeys({ id: 7, line: 1 }, table, past), [
    { id: 7, line: 1 },
    { order_id: 7, line: 1 },
    { id: 7, no: 1 },
    { order_id: 7, no: 1 },
  ]);
  assert.deepEqual(formerRowKeys({ id: 7 }, table, new ColumnPast([])), [{ id: 7 }]);
});

Deno.test("of very many names some are left out", () => {
  const past = new ColumnPast(Array.from({ length: 100 }, (_, at) => renamed(1, `id_${at}`)));
  assert.equal(formerRowKeys({ id: 7 }, table, past).length, 32);
});
