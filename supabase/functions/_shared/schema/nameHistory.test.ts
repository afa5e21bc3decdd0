import assert from "node:assert/strict";
import type { SqlTag } from "../db/database.ts";
import { createNameHistory } from "./nameHistory.ts";

/** A database that gives the same rows each time, or fails, and counts what it is asked. */
function fakeSql(...answers: (readonly object[] | Error)[]): SqlTag & { count(): number } {
  let count = 0;
  const tag = () => {
    const answer = answers[Math.min(count++, answers.length - 1)]!;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return Object.assign(tag as unknown as SqlTag, { count: () => count });
}

Deno.test("a table's former names are read once, whatever names are asked", async () => {
  const sql = fakeSql([{ name: "total", attnum: 2 }, { name: "sum", attnum: 3 }]);
  const history = createNameHistory(sql);
  const [one, other] = await Promise.all([
    history.formerColumns(7, ["total", "x"]),
    history.formerColumns(7, ["sum", "\u0000"]),
  ]);
  assert.deepEqual([[...one], [...other]], [[["total", 2]], [["sum", 3]]]);
  assert.equal(sql.count(), 1);
  await history.formerColumns(8, ["total"]);
  assert.equal(sql.count(), 2);
});

Deno.test("it is read anew after 'forget', and for a version that it has not seen", async () => {
  const sql = fakeSql([{ name: "total", attnum: 2 }], [{ name: "total", attnum: 5 }], [{ name: "total", attnum: 6 }]);
  const history = createNameHistory(sql);
  const read = async (version?: number) => (await history.formerColumns(7, ["total"], version)).get("total");
  assert.deepEqual([await read(3), await read(3), await read(2), await read()], [2, 2, 2, 2]);
  assert.deepEqual([await read(4), await read(3)], [5, 5]);
  history.forget();
  assert.equal(await read(), 6);
});

Deno.test("what happened to the columns is told in its order, with its version", async () => {
  const renamed = { kind: "column_renamed", name: "total", attnum: 2, version: "3" };
  const past = await createNameHistory(fakeSql([renamed])).columnPast(7);
  assert.deepEqual([...past.namesWhen(["total"], [])!], [["total", 2]]);
});

Deno.test("a read that fails is not kept", async () => {
  const sql = fakeSql(new Error("gone"), [{ name: "public.total", oid: "12" }]);
  const history = createNameHistory(sql);
  await assert.rejects(history.formerTables("public", ["total"]), /gone/);
  assert.deepEqual([...await history.formerTables("public", ["total"])], [["total", 12]]);
});

Deno.test("a read begun before 'forget' is not kept after it", async () => {
  const { promise, resolve } = Promise.withResolvers<object[]>();
  let reads = 0;
  const sql = (() => ++reads === 1 ? promise : Promise.resolve([{ name: "total", attnum: 5 }])) as unknown as SqlTag;
  const history = createNameHistory(sql);
  const early = history.formerColumns(7, ["total"]);
  history.forget();
  resolve([{ name: "total", attnum: 2 }]);
  assert.equal((await early).get("total"), 2);
  assert.equal((await history.formerColumns(7, ["total"])).get("total"), 5);
});

Deno.test("names with a dot are not told, as two tables could be written so", async () => {
  const history = createNameHistory(fakeSql([{ name: "a.b.c", oid: "1" }, { name: "a.c", oid: "2" }]));
  assert.deepEqual([...await history.formerTables("a.b", ["c"])], []);
  assert.deepEqual([...await history.formerTables("a", ["b.c", "c"])], [["c", 2]]);
});

Deno.test("a label's former names lead to what it is called by now", async () => {
  const renamed = (before: string, after: string, oid = "9") => ({ oid, before, after });
  const history = createNameHistory(
    fakeSql([renamed("a", "b"), renamed("x", "y", "8"), renamed("b", "c"), renamed("d", "a"), renamed("a", "e")]),
  );
  const former = await history.formerLabels();
  assert.deepEqual([...former.get(9)!], [["a", "e"], ["b", "c"], ["d", "e"]]);
  assert.deepEqual([...former.get(8)!], [["x", "y"]]);
});
