import assert from "node:assert/strict";
import fc from "fast-check";
import { CsvError, parseCsv } from "./parseCsv.ts";

const field = fc.string({
  unit: fc.constantFrom("a", "B", " ", '"', ",", ";", "\t", "\n", "\r", "0", "\u00e9"),
  maxLength: 8,
});
const header = fc.string({ unit: fc.constantFrom("a", "b", "c", " "), minLength: 1, maxLength: 6 });
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

Deno.test("whatever is written as CSV is read to the letter, by any separator and end of line", () => {
  const tables = fc.integer({ min: 2, max: 5 }).chain((width) =>
    fc.record({
      headers: fc.array(header, { minLength: width, maxLength: width }),
      rows: fc.array(fc.array(field, { minLength: width, maxLength: width }), { maxLength: 6 }),
      separator: fc.constantFrom(",", ";", "\t"),
      end: fc.constantFrom("\n", "\r\n", "\r"),
      mark: fc.constantFrom("", "\ufeff"),
      isEnded: fc.boolean(),
    })
  );
  fc.assert(fc.property(tables, ({ headers, rows, separator, end, mark, isEnded }) => {
    const needsQuotes = (text: string) => /[",;\t\r\n]/.test(text);
    const lines = [headers, ...rows].map((row) =>
      row.map((text) => needsQuotes(text) ? quoted(text) : text).join(separator)
    );
    assert.deepEqual(parseCsv(mark + lines.join(end) + (isEnded ? end : "")), { headers, rows });
  }));
});

Deno.test("short rows end in empty fields, and empty lines are none", () => {
  assert.deepEqual(parseCsv("sku;name;price\n\nA\n\n").rows, [["A", "", ""]]);
  assert.deepEqual(parseCsv("a,").headers, ["a", ""]);
});

Deno.test("what is no CSV is refused with its line", () => {
  for (const [text, line] of [['a,b\n1,"2', 2], ['a\n"1"x', 2], ["a,b\n1,2\n1,2,3", 3], ["", 1]] as const) {
    assert.throws(() => parseCsv(text), (error) => error instanceof CsvError && error.line === line, text);
  }
});
