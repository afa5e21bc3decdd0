import assert from "node:assert/strict";
import { compilePatterns } from "./compilePatterns.ts";
import type { HealingPattern } from "./healingPattern.ts";
import { column, pattern, schemaHash, table } from "./testing/patternFixture.ts";

const active = (options: Partial<HealingPattern> = {}) => pattern({ state: { kind: "active" }, ...options });
const approved = (options: Partial<HealingPattern> = {}) =>
  pattern({ state: { kind: "approved", decidedBy: "ann" }, ...options });

function compile(patterns: HealingPattern[], keyShape: string[], scope: Partial<{ schemaHash: string }> = {}) {
  const mapping = compilePatterns(patterns, { table: table(), keyShape, schemaHash, ...scope });
  return [...mapping].map(([key, { column, patternId }]) => `${key}>${column} (${patternId})`);
}

Deno.test("active and approved patterns are applied, all others are not", () => {
  for (const made of [active(), approved()]) assert.deepEqual(compile([made], ["id", "mail"]), ["mail>email (p1)"]);
  const others = [
    pattern(),
    pattern({ state: { kind: "demoted" } }),
    pattern({ state: { kind: "rejected", decidedBy: "ann" } }),
    pattern({ state: { kind: "expired", reason: "x" } }),
  ];
  assert.deepEqual(compile(others, ["mail"]), []);
});

Deno.test("the target goes by the name the table has for it now", () => {
  const renamed = table([column(1, "id"), column(2, "e_mail")]);
  const mapping = compilePatterns([active()], { table: renamed, keyShape: ["mail"], schemaHash });
  assert.deepEqual([...mapping], [["mail", { column: "e_mail", attnum: 2, coercion: null, patternId: "p1" }]]);
});

Deno.test("another table, another schema, a dropped or generated target and a key that is a column map nothing", () => {
  assert.deepEqual(compile([active({ tableOid: 8 })], ["mail"]), []);
  assert.deepEqual(compile([active()], ["mail"], { schemaHash: "b".repeat(64) }), []);
  assert.deepEqual(compile([active({ targetAttnum: 9 })], ["mail"]), []);
  assert.deepEqual(compile([active({ key: "phone" })], ["phone"]), []);
  const generated = table([column(2, "email", { isGenerated: true })]);
  assert.equal(compilePatterns([active()], { table: generated, keyShape: ["mail"], schemaHash }).size, 0);
});

Deno.test("a key with two targets is left alone unless exactly one of them is approved", () => {
  const other = { id: "p2", targetAttnum: 3, targetColumn: "phone" };
  assert.deepEqual(compile([active(), active(other)], ["mail"]), []);
  assert.deepEqual(compile([active(), approved(other)], ["mail"]), ["mail>phone (p2)"]);
  assert.deepEqual(compile([approved(), approved(other)], ["mail"]), []);
});

Deno.test("a target that two keys want, or that the payload fills itself, is left alone", () => {
  const twin = active({ id: "p2", key: "e-mail" });
  assert.deepEqual(compile([active(), twin], ["mail", "e-mail"]), []);
  assert.deepEqual(compile([active(), twin], ["mail"]), ["mail>email (p1)"]);
  assert.deepEqual(compile([active()], ["mail", "email"]), []);
});
