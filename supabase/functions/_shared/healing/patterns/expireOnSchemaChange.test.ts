import assert from "node:assert/strict";
import { expireOnSchemaChange } from "./expireOnSchemaChange.ts";
import { column, pattern, table } from "./testing/patternFixture.ts";

const next = "b".repeat(64);
const active = pattern({ state: { kind: "active" }, outcomes: { successes: 40, failures: 0 } });
const [id, email, phone] = [column(1, "id"), column(2, "email"), column(3, "phone")];

Deno.test("a pattern follows its table and its column through renames", () => {
  const after = { ...table([id, column(2, "mail_address"), phone]), schema: "crm", name: "persons" };
  const moved = expireOnSchemaChange(active, { before: table(), after, schemaHash: next });
  assert.deepEqual(moved, {
    ...active,
    tableSchema: "crm",
    tableName: "persons",
    targetColumn: "mail_address",
    schemaHash: next,
  });
});

Deno.test("it expires, and says why, when what it speaks of is no more", () => {
  const cases = [
    [undefined, "its table is gone"],
    [{ ...table(), oid: 8 }, "its table is gone"],
    [table([id, phone]), "its column is gone"],
    [table([id, column(2, "email", { isGenerated: true }), phone]), "its column is generated"],
    [table([id, column(2, "email", { type: "integer", typeOid: 23 }), phone]), "its column has another type"],
    [table([id, column(2, "email", { typeModifier: 84 }), phone]), "its column has another type"],
    [table([id, email, phone, column(4, "mail")]), "its key is a column now"],
  ] as const;
  for (const [after, reason] of cases) {
    const { state, schemaHash } = expireOnSchemaChange(active, { before: table(), after, schemaHash: next });
    assert.deepEqual(state, { kind: "expired", reason });
    assert.equal(schemaHash, active.schemaHash);
  }
});

Deno.test("a new column makes what was learned a guess again, and leaves what was approved", () => {
  const change = { before: table(), after: table([id, email, phone, column(4, "work_email")]), schemaHash: next };
  const again = expireOnSchemaChange(active, change);
  assert.deepEqual([again.state, again.outcomes, again.schemaHash], [
    { kind: "probation" },
    { successes: 0, failures: 0 },
    next,
  ]);
  const approved = pattern({ state: { kind: "approved", decidedBy: "ann" } });
  assert.deepEqual(expireOnSchemaChange(approved, change), { ...approved, schemaHash: next });
});

Deno.test("where the table before is not known, what was learned begins again", () => {
  const again = expireOnSchemaChange(active, { before: undefined, after: table(), schemaHash: next });
  assert.deepEqual(again.state, { kind: "probation" });
});

Deno.test("a change elsewhere, and the schema that is known already, leave it as it is", () => {
  assert.deepEqual(expireOnSchemaChange(active, { before: table(), after: table(), schemaHash: next }), {
    ...active,
    schemaHash: next,
  });
  assert.equal(
    expireOnSchemaChange(active, { before: undefined, after: undefined, schemaHash: active.schemaHash }),
    active,
  );
});
