import assert from "node:assert/strict";
import { fingerprintOf } from "../ledger/payloadShape.ts";
import { reconstructKept } from "./reconstructKept.ts";

const asDriver = { id: 1, total: "12.50", quantity: "7", wide: "9007199254740993" };
const asPostgrest = { id: 1, total: 12.5, quantity: 7, wide: 9007199254740993n };

function rebuild(text: string, forms: readonly Record<string, unknown>[] = [asDriver, asPostgrest]) {
  const parts = ["id", "total", "quantity", "wide"].map((column) => ({ key: column, column }));
  return reconstructKept({ shape: { parts, fingerprint: fingerprintOf(text) }, rescuedText: "{}" }, { forms });
}

Deno.test("a payload is rebuilt whichever form each of its values was sent in", () => {
  const texts = [
    '{"id":1,"total":"12.50","quantity":"7","wide":"9007199254740993"}',
    '{"id":1,"total":12.5,"quantity":7,"wide":9007199254740993}',
    '{"id":1,"total":"12.50","quantity":7,"wide":"9007199254740993"}',
    '{"id":1,"total":12.5,"quantity":"7","wide":9007199254740993}',
  ];
  for (const text of texts) {
    const rebuilt = rebuild(text);
    assert.deepEqual([rebuilt?.text, rebuilt?.isExact], [text, true]);
    assert.equal(typeof rebuilt?.landed.total, text.includes('"12.50"') ? "string" : "number");
  }
});

Deno.test("a number is told from a text of the same digits, in every form", () => {
  const parts = [{ key: "a", column: "a" }, { key: "b", column: "b" }];
  for (const text of ['{"a":"7","b":7}', '{"a":7,"b":"7"}', '{"a":7,"b":7}', '{"a":"7","b":"7"}']) {
    const kept = { shape: { parts, fingerprint: fingerprintOf(text) }, rescuedText: "{}" };
    const rebuilt = reconstructKept(kept, { forms: [{ a: "7", b: "7" }] });
    assert.deepEqual([rebuilt?.text, rebuilt?.isExact], [text, true]);
  }
});

Deno.test("a row that has changed is given as it is, and one that lacks a column not at all", () => {
  const changed = rebuild('{"id":1,"total":"13.00","quantity":7,"wide":1}');
  assert.deepEqual([changed?.isExact, changed?.landed], [false, asDriver]);
  assert.equal(rebuild("{}", [{ id: 1 }]), undefined);
  assert.equal(rebuild("{}", []), undefined);
});
