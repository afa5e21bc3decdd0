import assert from "node:assert/strict";
import { Closers } from "./closers.ts";

Deno.test("closes last first, goes on after a failure, and reports it", async () => {
  const closed: string[] = [];
  const closers = new Closers();
  closers.add(() => void closed.push("first"));
  closers.add(() => Promise.reject(new Error("stuck")));
  closers.add(() => void closed.push("last"));
  await assert.rejects(() => closers.closeAll(), /stuck/);
  assert.deepEqual(closed, ["last", "first"]);
});

Deno.test("closes each once", async () => {
  let count = 0;
  const closers = new Closers();
  closers.add(() => void count++);
  await closers.closeAll();
  await closers.closeAll();
  assert.equal(count, 1);
});
