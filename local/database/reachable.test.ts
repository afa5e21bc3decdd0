import assert from "node:assert/strict";
import { mayEnter, pathsDownTo } from "./reachable.ts";

const user = { uid: 101, gid: 104 };

for (
  const [mode, uid, gid, expected] of [
    [0o755, 0, 0, true],
    [0o700, 0, 0, false], // root's home
    [0o711, 0, 0, true],
    [0o700, 101, 0, true],
    [0o077, 101, 0, false], // the owner's own bits count, even where others may
    [0o750, 0, 104, true],
    [0o705, 0, 104, false],
  ] as const
) {
  Deno.test(`a folder of ${uid}:${gid} with mode ${mode.toString(8)} is ${expected ? "open" : "shut"}`, () => {
    assert.equal(mayEnter({ mode, uid, gid }, user), expected);
  });
}

Deno.test("the way to a path begins at the root", () => {
  assert.deepEqual(pathsDownTo("/a/b/c"), ["/", "/a", "/a/b", "/a/b/c"]);
});
