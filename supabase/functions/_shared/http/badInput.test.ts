import assert from "node:assert/strict";
import fc from "fast-check";
import * as z from "zod";
import { errorRegistry } from "../errors/errorRegistry.ts";
import type { Bytes } from "./bytes.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { fakeKeys, fakeServices } from "./testing/fakeServices.ts";

const order = z.strictObject({
  sku: z.string().min(1).max(40),
  quantity: z.int().min(1).max(99),
  gift: z.boolean().optional(),
  lines: z.array(z.strictObject({ note: z.string() })).max(3).default([]),
});

let runs = 0;
const fn = createFunctionFactory(() => fakeServices())({
  name: "orders",
  summary: "Place an order",
  auth: ["publishable"],
  methods: {
    POST: { input: order, bodyLimitBytes: 4_096, handler: () => void runs++ },
    GET: { input: z.strictObject({ page: z.coerce.number().int().min(1) }), handler: () => void runs++ },
  },
});

const headers = { apikey: fakeKeys.publishableKeys.default, "content-type": "application/json" };
const post = (body: BodyInit, more: Record<string, string> = {}) =>
  fn.fetch(new Request("http://localhost/", { method: "POST", body, headers: { ...headers, ...more } }));

async function assertRefused(response: Response, about: string): Promise<void> {
  const text = await response.text();
  assert.equal(response.headers.get("content-type"), "application/problem+json", about);
  const problem = JSON.parse(text);
  const kind = errorRegistry[problem.code as keyof typeof errorRegistry];
  assert.ok(kind !== undefined && kind.status === response.status && kind.status === problem.status, text);
  assert.ok(response.status >= 400 && response.status < 500, text);
  assert.doesNotMatch(text, /ZodError|SyntaxError|\\n +at /);
}

const unlessItFits = (value: unknown) => fc.pre(!order.safeParse(value).success);

Deno.test("no JSON that does not fit reaches the use case", async () => {
  runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      unlessItFits(value);
      const text = JSON.stringify(value);
      await assertRefused(await post(text), text);
    }),
    { numRuns: 300 },
  );
  assert.equal(runs, 0);
});

Deno.test("a fitting order with anything wrong in it does not reach the use case", async () => {
  runs = 0;
  const good = fc.record({
    sku: fc.string({ minLength: 1, maxLength: 40 }),
    quantity: fc.integer({ min: 1, max: 99 }),
  });
  await fc.assert(
    fc.asyncProperty(
      good,
      fc.constantFrom("sku", "quantity", "gift", "lines", "__proto__", "constructor", "extra"),
      fc.anything(),
      async (value, field, replacement) => {
        const text = JSON.stringify(Object.fromEntries([...Object.entries(value), [field, replacement]]));
        unlessItFits(JSON.parse(text));
        await assertRefused(await post(text), text);
      },
    ),
    { numRuns: 300 },
  );
  assert.equal(runs, 0);
});

Deno.test("no bytes, whatever they are called, reach the use case unless they are a fitting order", async () => {
  runs = 0;
  const types = fc.constantFrom(
    "application/json",
    "application/json; charset=utf-8",
    "text/plain",
    "application/xml",
    "a/b",
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 6_000 }), types, async (bytes, type) => {
      await assertRefused(await post(bytes as Bytes, { "content-type": type }), type);
    }),
    { numRuns: 300 },
  );
  assert.equal(runs, 0);
});

Deno.test("no query that does not fit reaches the use case", async () => {
  runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom("page", "__proto__", "p"), fc.string())), async (pairs) => {
      const query = new URLSearchParams(pairs);
      const isGood = pairs.length === 1 && pairs[0]![0] === "page" && Number.isInteger(Number(pairs[0]![1])) &&
        Number(pairs[0]![1]) >= 1;
      fc.pre(!isGood);
      await assertRefused(await fn.fetch(new Request(`http://localhost/?${query}`, { headers })), String(query));
    }),
    { numRuns: 200 },
  );
  assert.equal(runs, 0);
});

Deno.test("a body of 10 MB is refused without being read to its end, whatever its length is said to be", async () => {
  runs = 0;
  for (const said of [undefined, "12", String(10 * 1024 * 1024)]) {
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
        if (sent >= 10 * 1024 * 1024) controller.close();
      },
      cancel: () => void (isCancelled = true),
    });
    const response = await post(body, said === undefined ? {} : { "content-length": said });
    assert.equal(response.status, 413);
    assert.deepEqual((await response.json()).details, { limitBytes: 4_096 });
    assert.ok(sent <= 3 * 65_536, `${sent} bytes were taken with a length of ${said}`);
    assert.ok(isCancelled);
  }
  assert.equal(runs, 0);
});

Deno.test("a fitting order does reach the use case", async () => {
  runs = 0;
  assert.equal((await post('{"sku":"A","quantity":2}')).status, 204);
  assert.equal(
    (await post('\ufeff{"sku":"A","quantity":2}', { "content-type": "application/vnd.shop+json" })).status,
    204,
  );
  assert.equal(runs, 2);
});
