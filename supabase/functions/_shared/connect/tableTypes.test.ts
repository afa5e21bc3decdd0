import assert from "node:assert/strict";
import { TableTypes } from "./tableTypes.ts";

const table = { schema: "public", name: "things" };
const columns = [{ name: "a", type: 25 }, { name: "b", type: 3802 }, { name: "c", type: 114 }, { name: "d", type: 23 }];

Deno.test("a table's encodings are learned of its columns' types, and of their change", () => {
  const types = new TableTypes();
  assert.equal(types.get(table), undefined);
  types.learn(table, undefined);
  types.learn(table, []);
  assert.equal(types.get(table), undefined);
  types.learn(table, columns);
  assert.deepEqual([...types.get(table)!], [["a", "text"], ["b", "jsonb"], ["c", "json"], ["d", "plain"]]);
  const same = types.get(table);
  types.learn(table, columns.map((column) => ({ ...column })));
  assert.equal(types.get(table), same);
  types.learn(table, [{ name: "a", type: 3802 }]);
  assert.deepEqual([...types.get(table)!], [["a", "jsonb"]]);
});

Deno.test("what was forgotten is learned again, of the same columns too", () => {
  const types = new TableTypes();
  types.learn(table, columns);
  types.forget(table);
  assert.equal(types.get(table), undefined);
  assert.equal(types.get({ schema: "other", name: "things" }), undefined);
  types.learn(table, columns);
  assert.equal(types.get(table)!.get("b"), "jsonb");
});
