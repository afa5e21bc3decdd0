import assert from "node:assert/strict";
import { selectShape, statementShape } from "./statementShape.ts";

Deno.test("a shape names the table, the columns and how many rows there are, and no value", () => {
  const row = { customer_id: 7, total: "12.50" };
  assert.equal(
    statementShape({ verb: "insert", table: "orders", rows: row }),
    "insert public.orders (customer_id, total)",
  );
  assert.equal(
    statementShape({ verb: "insert", table: "shop.orders", rows: [row, row, row] }),
    "insert shop.orders (customer_id, total) x3",
  );
  assert.equal(
    statementShape({ verb: "update", table: "orders", rows: { status: "paid" }, match: { id: 7 } }),
    "update public.orders (status) where (id)",
  );
  assert.equal(
    selectShape("orders", { columns: ["id"], match: { total: 3 } }),
    "select public.orders (id) where (total)",
  );
  assert.equal(selectShape("orders"), "select public.orders");
});

Deno.test("keys that are no plain names are left out, and a shape is never long", () => {
  assert.equal(
    statementShape({ verb: "insert", table: 'x"; drop', rows: { "ada@example.com": 1, fine: 2, ["k".repeat(64)]: 3 } }),
    "insert public.? (?, fine, ?)",
  );
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`column_with_a_long_name_${at}`, at]));
  assert.ok(statementShape({ verb: "insert", table: "t", rows: wide }).length <= 400);
  assert.equal(statementShape({ verb: "insert", table: "t", rows: null as never }), "insert public.t");
});
