import assert from "node:assert/strict";
import fc from "fast-check";
import { diffSnapshots } from "./diffSnapshots.ts";
import type { ColumnSnapshot, SchemaSnapshot, TableSnapshot } from "./snapshot.ts";

function column(attnum: number, name: string, rest: Partial<ColumnSnapshot> = {}): ColumnSnapshot {
  return {
    attnum,
    name,
    type: "text",
    typeOid: 25,
    typeModifier: -1,
    isNullable: true,
    defaultExpression: null,
    isGenerated: false,
    isIdentity: false,
    ...rest,
  };
}

function table(columns: ColumnSnapshot[], rest: Partial<TableSnapshot> = {}): TableSnapshot {
  return { oid: 1, schema: "public", name: "orders", columns, constraints: [], indexes: [], ...rest };
}

function schema(...tables: TableSnapshot[]): SchemaSnapshot {
  return { tables, enums: [] };
}

function kinds(before: SchemaSnapshot, after: SchemaSnapshot): string[] {
  return diffSnapshots(before, after).map(({ kind, part, severity }) => [kind, part, severity].join(" "));
}

Deno.test("two columns that swap names are two renames", () => {
  const before = schema(table([column(1, "first"), column(2, "second")]));
  const after = schema(table([column(1, "second"), column(2, "first")]));
  assert.deepEqual(kinds(before, after), ["column_renamed second high", "column_renamed first high"]);
});

Deno.test("a column dropped and made again under its name is a drop and an add", () => {
  const before = schema(table([column(1, "note")]));
  const after = schema(table([column(2, "note")]));
  assert.deepEqual(kinds(before, after), ["column_dropped note critical", "column_added note low"]);
});

Deno.test("a new column that must be given is critical, one that fills itself is not", () => {
  const before = schema(table([]));
  const required = column(1, "vendor_id", { isNullable: false });
  assert.deepEqual(kinds(before, schema(table([required]))), ["column_added vendor_id critical"]);
  const filled = { ...required, defaultExpression: "gen_random_uuid()" };
  assert.deepEqual(kinds(before, schema(table([filled]))), ["column_added vendor_id low"]);
});

Deno.test("a renamed enum is the same type under another name", () => {
  const before = schema(table([column(1, "state", { type: "order_state", typeOid: 900 })]));
  const after = schema(table([column(1, "state", { type: "order_status", typeOid: 900 })]));
  assert.deepEqual(kinds(before, after), []);
});

Deno.test("a widened type is told with what it was and what it is", () => {
  const before = schema(table([column(1, "sku", { type: "character varying(8)", typeOid: 1043, typeModifier: 12 })]));
  const after = schema(table([column(1, "sku", { type: "character varying(80)", typeOid: 1043, typeModifier: 84 })]));
  const [change] = diffSnapshots(before, after);
  assert.equal(change?.kind, "column_type_changed");
  assert.equal(change?.before, "character varying(8)");
  assert.equal(change?.after, "character varying(80)");
});

Deno.test("a renamed and moved table keeps its columns", () => {
  const before = schema(table([column(1, "id")]));
  const after = schema(table([column(1, "id")], { schema: "shop", name: "purchases" }));
  const changes = diffSnapshots(before, after);
  assert.deepEqual(changes.map(({ kind, before, after }) => [kind, before, after]), [
    ["table_renamed", "public.orders", "shop.purchases"],
  ]);
});

Deno.test("a constraint with another definition is dropped and added", () => {
  const check = { oid: 7, name: "total_is_positive", kind: "check" as const, attnums: [1] };
  const before = schema(table([column(1, "total")], { constraints: [{ ...check, definition: "CHECK (total > 0)" }] }));
  const after = schema(table([column(1, "total")], { constraints: [{ ...check, definition: "CHECK (total >= 0)" }] }));
  assert.deepEqual(kinds(before, after), [
    "constraint_dropped total_is_positive low",
    "constraint_added total_is_positive medium",
  ]);
});

Deno.test("an enum's new and renamed labels are told apart", () => {
  const state = { oid: 900, schema: "public", name: "order_state" };
  const before: SchemaSnapshot = { tables: [], enums: [{ ...state, labels: [{ oid: 1, label: "open" }] }] };
  const labels = [{ oid: 1, label: "opened" }, { oid: 2, label: "paid" }];
  const after: SchemaSnapshot = { tables: [], enums: [{ ...state, labels }] };
  assert.deepEqual(kinds(before, after), ["enum_label_added paid low", "enum_label_renamed opened high"]);
});

const columnsArbitrary = fc.uniqueArray(
  fc.record({ attnum: fc.integer({ min: 1, max: 12 }), name: fc.string({ minLength: 1, maxLength: 4 }) }),
  { selector: ({ attnum }) => attnum, maxLength: 8 },
).map((members) => members.map(({ attnum, name }) => column(attnum, name)));

Deno.test("going there and back: what one way adds, the other drops, and equal schemas differ in nothing", () => {
  fc.assert(fc.property(columnsArbitrary, columnsArbitrary, (one, other) => {
    const there = diffSnapshots(schema(table(one)), schema(table(other)));
    const back = diffSnapshots(schema(table(other)), schema(table(one)));
    const count = (changes: typeof there, kind: string) => changes.filter((change) => change.kind === kind).length;
    assert.equal(count(there, "column_added"), count(back, "column_dropped"));
    assert.equal(count(there, "column_renamed"), count(back, "column_renamed"));
    assert.deepEqual(diffSnapshots(schema(table(one)), schema(table(one))), []);
  }));
});
