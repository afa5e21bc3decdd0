import assert from "node:assert/strict";
import { createCastCheck } from "./castability.ts";
import type { TargetColumn } from "./column.ts";

function casts(type: string, value: unknown, more: Partial<TargetColumn> = {}): boolean {
  const column = { name: "x", type, isNullable: true, hasDefault: false, isGenerated: false, ...more };
  return createCastCheck(column)(String(value), value);
}

Deno.test("createCastCheck knows what each type takes", () => {
  const taken: [string, unknown][] = [
    ["integer", 42],
    ["bigint", "9223372036854775807"],
    ["numeric(10,2)", "1e3"],
    ["boolean", "off"],
    ["date", "2024-02-29"],
    ["timestamp with time zone", "2024-02-29T10:00:00Z"],
    ["uuid", "7b8a2c1e-3f4d-4a5b-8c6d-1e2f3a4b5c6d"],
    ["text[]", "{a,b}"],
    ["inet", "10.0.0.1"],
  ];
  for (const [type, value] of taken) assert.equal(casts(type, value), true, `${type} takes ${value}`);
});

Deno.test("createCastCheck rules out what would fail", () => {
  const refused: [string, unknown][] = [
    ["integer", "2147483648"],
    ["smallint", "32768"],
    ["integer", "1.5"],
    ["numeric", "$12"],
    ["boolean", "maybe"],
    ["timestamptz", "jane@example.com"],
    ["uuid", "42"],
  ];
  for (const [type, value] of refused) assert.equal(casts(type, value), false, `${type} refuses ${value}`);
  assert.equal(casts("character varying", "abcd", { maxLength: 3 }), false);
  assert.equal(casts("mood", "sad", { enumLabels: ["happy"] }), false);
  assert.equal(casts("mood", "Happy", { enumLabels: ["happy"] }), true);
});
