import assert from "node:assert/strict";
import { TagSnapshot } from "./tagSnapshot.ts";

Deno.test("a snapshot sees what was over when it was taken, and nothing else", () => {
  const snapshot = new TagSnapshot("10:14:10,12");
  const seen = [9n, 10n, 11n, 12n, 13n, 14n, 15n].filter((xid) => snapshot.sees(xid));
  assert.deepEqual(seen, [9n, 11n, 13n]);
  assert.equal(new TagSnapshot("18446744073709551614:18446744073709551615:").sees(18446744073709551614n), true);
});

Deno.test("what is no snapshot is refused", () => {
  for (const text of ["", "1:2", "a:b:", "1:2:3;4", "1:2:\n"]) {
    assert.throws(() => new TagSnapshot(text), /xmin:xmax:xip/);
  }
});
