import assert from "node:assert/strict";
import fc from "fast-check";
import { parseQuery } from "./parseQuery.ts";

Deno.test("a key that comes more than once is an array, everything is text", () => {
  const query = parseQuery("http://h/p?a=1&b=x%20y&a=2&c&a=3#a=4");
  assert.deepEqual({ ...query }, { a: ["1", "2", "3"], b: "x y", c: "" });
  assert.deepEqual({ ...parseQuery("http://h/p") }, {});
});

Deno.test("whatever the keys are, each value is found under its own, and no object is changed", () => {
  const key = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "a"), fc.string());
  fc.assert(fc.property(fc.array(fc.tuple(key, fc.string())), (pairs) => {
    const params = new URLSearchParams(pairs);
    const query = parseQuery(`http://h/?${params}`);
    for (const name of new Set(params.keys())) assert.deepEqual([query[name]].flat(), params.getAll(name));
    assert.deepEqual(Object.keys(query).sort(), [...new Set(params.keys())].sort());
    assert.equal(({} as Record<string, unknown>).admin, undefined);
  }));
});

Deno.test("a query without escapes reads as the runtime reads it", () => {
  const text = fc.array(fc.constantFrom("a", "b", "=", "&", "~", "-", "_", ".", ":", ",", "/", "?", "1"), {
    maxLength: 12,
  });
  fc.assert(fc.property(text, (parts) => {
    const query = parseQuery(`http://h/?${parts.join("")}`);
    const params = new URLSearchParams(`?${parts.join("")}`);
    assert.deepEqual(Object.keys(query).sort(), [...new Set(params.keys())].sort());
    for (const name of params.keys()) assert.deepEqual([query[name]].flat(), params.getAll(name));
  }));
});
