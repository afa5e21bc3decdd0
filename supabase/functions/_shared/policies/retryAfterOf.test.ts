import assert from "node:assert/strict";
import { parseRetryAfter, retryAfterOf } from "./retryAfterOf.ts";

const now = Date.UTC(2026, 0, 1);

Deno.test("retryAfterOf: reads it off the error, its details, its headers or its response's", () => {
  const inADay = new Date(now + 86_400_000).toUTCString();
  const cases: [unknown, number | undefined][] = [
    [Object.assign(new Error(), { retryAfterMs: 1_500 }), 1_500],
    [{ details: { retryAfterMs: 20 } }, 20],
    [{ headers: new Headers({ "retry-after": "3" }) }, 3_000],
    [{ headers: { "Retry-After": "4" } }, 4_000],
    [{ response: new Response(null, { headers: { "retry-after": inADay } }) }, 86_400_000],
    [{ retryAfterMs: -1 }, undefined],
    [{ retryAfterMs: NaN, details: null, headers: "no", response: 7 }, undefined],
    [new Error("plain"), undefined],
    [undefined, undefined],
    ["text", undefined],
  ];
  for (const [error, expected] of cases) assert.equal(retryAfterOf(error, now), expected);
});

Deno.test("parseRetryAfter: a time that has passed is now, and what is neither seconds nor a date is nothing", () => {
  assert.equal(parseRetryAfter(new Date(now - 5_000).toUTCString(), now), 0);
  for (const odd of [null, undefined, "", "soon", "1.5.2", "-"]) assert.equal(parseRetryAfter(odd, now), undefined);
});
