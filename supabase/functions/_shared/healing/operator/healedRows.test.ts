import assert from "node:assert/strict";
import { rememberHealedRows, tableOfHealedRow } from "./healedRows.ts";

Deno.test("a row is known by itself, not by what it holds", () => {
  const table = { schema: "public", name: "goods" };
  const row = { id: 1 };
  rememberHealedRows([row, null, 7], table);
  rememberHealedRows(undefined, table);
  assert.deepEqual(tableOfHealedRow(row), table);
  assert.equal(tableOfHealedRow({ id: 1 }), undefined);
});
