import assert from "node:assert/strict";
import { indexColumns } from "./indexColumns.ts";
import { referencedTable } from "./referencedTable.ts";
import { snapshot } from "./testing/diagnosisFixture.ts";

Deno.test("the parent is read from the catalog's own text", () => {
  const of = (reference: string) => referencedTable(`FOREIGN KEY (a) REFERENCES ${reference}`, "shop", snapshot);
  assert.deepEqual(of("customers(id)"), { schema: "public", name: "customers" });
  assert.deepEqual(of("crm.customers(id) ON DELETE CASCADE"), { schema: "crm", name: "customers" });
  assert.deepEqual(of('"My ""Shop"""."a.b"(id)'), { schema: 'My "Shop"', name: "a.b" });
  assert.equal(of("nowhere(id)"), null);
});

Deno.test("an index's columns, without its expressions", () => {
  const of = (terms: string) =>
    indexColumns(`CREATE UNIQUE INDEX i ON public.t USING btree (${terms})`, ["a", "b c", "ab"]);
  assert.deepEqual(of("a, ab DESC NULLS LAST"), ["a", "ab"]);
  assert.deepEqual(of('lower((a)::text), "b c" COLLATE "C", COALESCE(ab, \',\'::text)'), ["b c"]);
  assert.deepEqual(indexColumns("nonsense", ["a"]), []);
});
