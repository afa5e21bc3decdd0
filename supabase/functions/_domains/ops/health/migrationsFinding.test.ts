import assert from "node:assert/strict";
import { migrationsFinding } from "./migrationsFinding.ts";

Deno.test("in step, in whatever order they were read", () => {
  assert.equal(migrationsFinding(["1", "2"], ["2", "1"]).status, "pass");
});

Deno.test("a missing migration fails and is named", () => {
  const finding = migrationsFinding(["1", "2", "3"], ["1", "9"]);
  assert.equal(finding.status, "fail");
  assert.deepEqual(finding.details, { missing: ["2", "3"], unknown: ["9"] });
});

Deno.test("a database ahead of the code warns", () => {
  const finding = migrationsFinding(["1"], ["1", "2"]);
  assert.equal(finding.status, "warn");
  assert.deepEqual(finding.details, { missing: [], unknown: ["2"] });
});
