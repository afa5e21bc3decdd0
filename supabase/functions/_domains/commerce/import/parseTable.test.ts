import assert from "node:assert/strict";
import fc from "fast-check";
import { parseTable } from "./parseTable.ts";

const quoted = (cell: string, delimiter: string) =>
  /["\r\n]/.test(cell) || cell.includes(delimiter) || cell === "" ? `"${cell.replaceAll('"', '""')}"` : cell;

Deno.test("what is written as CSV is read as it was, whatever stands in it", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\t", "\n", "\r", " ", "\u00e9"), maxLength: 6 });
  const table = fc.integer({ min: 2, max: 4 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 })
  );
  const head = ["sku", "name", "price", "stock"];
  fc.assert(
    fc.property(table, fc.constantFrom(",", ";", "\t"), fc.constantFrom("\n", "\r\n"), (rows, delimiter, line) => {
      const width = rows[0]!.length;
      const text = [head.slice(0, width), ...rows].map((row) =>
        row.map((one) => quoted(one, delimiter)).join(delimiter)
      );
      const full = rows.filter((row) => row.some((one) => one.trim() !== ""));
      assert.deepEqual(parseTable(text.join(line)), { head: head.slice(0, width), rows: full });
      assert.deepEqual(parseTable(`\ufeff${text.join(line)}${line}`).rows, full);
    }),
  );
});

Deno.test("what spreadsheets make of it is read, too", () => {
  assert.deepEqual(parseTable("\n\nsku;name\r1;Oat Milk\r\r2;"), {
    head: ["sku", "name"],
    rows: [["1", "Oat Milk"], ["2", ""]],
  });
  assert.deepEqual(parseTable(""), { head: [], rows: [] });
  assert.deepEqual(parseTable('a,b\n"x"y,"un\nclosed').rows, [["xy", "un\nclosed"]]);
});
