import assert from "node:assert/strict";
import * as z from "zod";
import type { FunctionContract } from "./contract.ts";
import { checkDefinition } from "./checkDefinition.ts";
import { findLooseObject } from "./strictInput.ts";

const good: FunctionContract = { name: "a-b", summary: "Do it", auth: ["user"], admin: false, methods: { GET: {} } };

Deno.test("a declaration that cannot be kept is refused where it is made, with the reason", () => {
  const cases: [Partial<FunctionContract>, RegExp][] = [
    [{ name: "1st" }, /Cannot define function '1st' as its name must be one the platform deploys/],
    [{ summary: "Do it." }, /without a full stop/],
    [{ auth: [] }, /which credentials open it/],
    [{ auth: ["none", "user"] }, /'none' must be the last mode/],
    [{ auth: ["secret:"] }, /'secret:' is not a mode/],
    [{ methods: {} }, /at least one method/],
    [{ methods: { GET: { auth: ["admin" as never] } } }, /'admin' is not a mode/],
    [{ methods: { GET: { idempotent: true } } }, /GET changes nothing/],
    [{ methods: { GET: { streams: true, output: z.string() } } }, /GET streams events and so has no output/],
    [{ methods: { POST: { streams: true, idempotent: true } } }, /POST streams events, which cannot be kept/],
    [{ methods: { POST: { streams: "on-request" } } }, /POST streams on request, and so must say its output otherwise/],
    [
      { methods: { POST: { streams: "on-request", output: z.string(), idempotent: true } } },
      /POST streams events, which cannot be kept/,
    ],
    [{ methods: { POST: { status: 404 } } }, /status of POST must be one of success: got 404/],
    [
      { methods: { POST: { rateLimit: { limit: 0, windowMs: 1 } } } },
      /'limit' of POST must be a whole number of at least 1: got 0/,
    ],
    [{ methods: { POST: { rateLimit: { limit: 1, windowMs: NaN } } } }, /'windowMs' of POST/],
    [{ methods: { POST: { bodyLimitBytes: -1 } } }, /'bodyLimitBytes' of POST/],
    [{ methods: { POST: { deadlineMs: 0.5 } } }, /'deadlineMs' of POST/],
    [{ methods: { POST: { input: z.object({}) } } }, /use z.strictObject at '\(the input itself\)'/],
  ];
  for (const [change, message] of cases) assert.throws(() => checkDefinition({ ...good, ...change }), message);
  checkDefinition(good);
});

Deno.test("an object that would let an unknown field pass is found, however deep", () => {
  const loose = z.object({ a: z.string() });
  const tree: z.ZodType = z.lazy(() => z.strictObject({ children: z.array(tree), payload: loose }));
  const cases: [z.ZodType, string | undefined][] = [
    [z.strictObject({ a: z.string() }), undefined],
    [z.strictObject({ a: z.strictObject({ b: z.record(z.string(), z.unknown()) }).optional() }), undefined],
    [z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]), undefined],
    [z.strictObject({ at: z.iso.datetime().transform((text) => new Date(text)) }), undefined],
    [z.strictObject({ more: z.unknown(), any: z.json() }), undefined],
    [loose, "(the input itself)"],
    [z.looseObject({}), "(the input itself)"],
    [loose.optional(), "(the input itself)"],
    [loose.transform((value) => value), "(the input itself)"],
    [z.array(loose), "[]"],
    [z.strictObject({ items: z.array(z.strictObject({ price: loose })) }), "items.[].price"],
    [z.strictObject({ by: z.record(z.string(), loose) }), "by.*"],
    [z.strictObject({ one: z.tuple([z.string(), loose]) }), "one.1"],
    [z.strictObject({ one: z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") })]) }), "one"],
    [z.strictObject({ one: loose.nullable().default(null) }), "one"],
    [tree, "payload"],
  ];
  for (const [schema, expected] of cases) assert.equal(findLooseObject(schema), expected);
});
