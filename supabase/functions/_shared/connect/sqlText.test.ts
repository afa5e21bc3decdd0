import assert from "node:assert/strict";
import fc from "fast-check";
import { compileInsert, compileInsertMany, compileSelect, compileUpdate } from "./compileStatement.ts";
import { placeAt, SqlText } from "./sqlText.ts";

const name = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  .filter((text) => text.isWellFormed() && !text.includes("\0") && new TextEncoder().encode(text).length <= 63);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });

/** What is left of a statement without its quoted names, which may hold anything. */
const skeleton = (text: string) => text.replace(/"(?:[^"]|"")*"/g, "N");

Deno.test("whatever the names, a statement keeps its form", () => {
  fc.assert(fc.property(names, name, name, (columns, schema, table) => {
    const ref = { schema, name: table };
    const plain = columns.map((_, index) => `c${index}`);
    const modes = columns.map((_, index) => "ptj"[index % 3]).join("");
    const forms = (of: readonly string[], to: typeof ref) => [
      compileInsert(to, { columns: of, modes }, of.slice(0, 1)),
      compileInsertMany(to, [of, of.slice(1)]),
      compileUpdate(to, { columns: of, modes }, { columns: of, modes: modes.replaceAll("t", "l") }),
      compileSelect(to, { columns: of, order: [{ column: of[0]! }], limit: 1 }, {
        columns: of,
        modes: "nJlpj".slice(0, of.length),
      }),
    ];
    const expected = forms(plain, { schema: "s", name: "t" });
    forms(columns, ref).forEach((sql, index) => assert.equal(skeleton(sql.text), skeleton(expected[index]!.text)));
  }));
});

Deno.test("each name is found where it stands, counted in characters", () => {
  fc.assert(fc.property(names, (columns) => {
    const sql = new SqlText().add("select ");
    sql.list(columns, (column) => sql.column(column));
    const compiled = sql.compile();
    const characters = [...compiled.text];
    compiled.places.forEach((place, index) => {
      assert.equal(place.name, columns[index]);
      const quoted = `"${place.name.replaceAll('"', '""')}"`;
      assert.equal(characters.slice(place.position - 1).join("").slice(0, quoted.length), quoted);
      assert.equal(placeAt(compiled, place.position), place);
    });
    assert.equal(placeAt(compiled, 1), undefined);
  }));
});

Deno.test("parameters are numbered in order and know their columns", () => {
  const sql = compileUpdate({ schema: "public", name: "t" }, { columns: ["a", "b"], modes: "tp" }, {
    columns: ["c", "d", "e"],
    modes: "npl",
  });
  assert.equal(
    sql.text,
    'update "public"."t" set "a" = $1::pg_catalog.text, "b" = $2 where "c" is null and "d" = $3 and "e" = any($4) returning *',
  );
  assert.deepEqual(sql.parameterColumns, ["a", "b", "d", "e"]);
});

Deno.test("what cannot be a name is refused", () => {
  for (const bad of ["", "a\0b", "\udc00", "x".repeat(64), "\u00e9".repeat(32)]) {
    assert.throws(() => new SqlText().column(bad), { code: "42602" });
    assert.throws(() => new SqlText().table({ schema: "public", name: bad }), { code: "42602" });
  }
  assert.equal(new SqlText().column("x".repeat(63)).compile().places.length, 1);
});
