import assert from "node:assert/strict";
import { tableName } from "./tableName.ts";

Deno.test("tableName takes a schema where there is one, and quoted parts as they are", () => {
  assert.deepEqual(tableName("orders"), { schema: "public", name: "orders" });
  assert.deepEqual(tableName("shop.orders"), { schema: "shop", name: "orders" });
  assert.deepEqual(tableName('"my.shop"."or""ders"'), { schema: "my.shop", name: 'or"ders' });
  assert.deepEqual(tableName('"a.b"'), { schema: "public", name: "a.b" });
});

Deno.test("tableName leaves what is no name to be refused, whole", () => {
  for (const text of ["", ".", "a.", 'x"; drop table y; --']) assert.equal(tableName(text).name, text);
});
