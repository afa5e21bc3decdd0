import assert from "node:assert/strict";
import { parsePostmasterFile } from "./postmasterFile.ts";

Deno.test("a running server's file tells process, port and state", () => {
  const text = "4711\n/data\n1790000000\n54322\n\n127.0.0.1\n  55 66\nready   \n";
  assert.deepEqual(parsePostmasterFile(text), { pid: 4711, port: 54322, status: "ready" });
});

Deno.test("a file that is still being written has no state yet", () => {
  assert.deepEqual(parsePostmasterFile("4711\n/data\n"), { pid: 4711, port: 0 });
});

for (const text of ["", "47", "abc\n/data\n", "-1\n/data\n"]) {
  Deno.test(`${JSON.stringify(text)} is no postmaster file`, () => {
    assert.equal(parsePostmasterFile(text), undefined);
  });
}
