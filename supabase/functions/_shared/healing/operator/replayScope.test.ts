import assert from "node:assert/strict";
import { OperatorRefusal } from "./operatorRefusal.ts";
import { replayScope } from "./replayScope.ts";

const goods = { oid: 7, schema: "public", name: "goods", columns: [], constraints: [], indexes: [] };
const schema = { snapshot: { tables: [goods], enums: [] } };
const id = "3f0b2a4e-0000-4000-8000-00000000000a";

Deno.test("a filter's table is known by its identity where there is one, and by its name where there is none", () => {
  assert.deepEqual(replayScope({ table: "goods" }, schema).table, { oid: 7, schema: "public", name: "goods" });
  assert.deepEqual(replayScope({ table: "sales.gone" }, schema).table, { schema: "sales", name: "gone" });
  assert.deepEqual(replayScope({}, schema), { ids: undefined, table: undefined, since: undefined });
});

Deno.test("what can be no id finds nothing, instead of everything", () => {
  assert.deepEqual(replayScope({ ids: [id, "nonsense", ""] }, schema).ids, [id]);
  assert.deepEqual(replayScope({ ids: ["nonsense"] }, schema).ids, []);
});

Deno.test("a time is a date or its text, and nothing else", () => {
  const at = new Date("2026-11-25T10:00:00.000Z");
  assert.deepEqual(replayScope({ since: at }, schema).since, at);
  assert.deepEqual(replayScope({ since: "2026-11-25T10:00:00Z" }, schema).since, at);
  assert.throws(() => replayScope({ since: "yesterday" }, schema), (error) => {
    return error instanceof OperatorRefusal && error.code === "INVALID_CALL";
  });
});
