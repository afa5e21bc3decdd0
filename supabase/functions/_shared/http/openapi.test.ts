import assert from "node:assert/strict";
import * as z from "zod";
import { eventStream } from "./eventStream.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { buildOpenapi } from "./openapi.ts";
import { perMinute } from "./rateLimitPolicy.ts";
import { fakeServices } from "./testing/fakeServices.ts";

interface Tree {
  readonly name: string;
  readonly children: Tree[];
}
const tree: z.ZodType<Tree> = z.lazy(() => z.strictObject({ name: z.string(), children: z.array(tree) }));
const define = createFunctionFactory(() => fakeServices());

const orders = define({
  name: "shop-orders",
  summary: "Place and list orders",
  auth: ["user", "secret:cron"],
  methods: {
    GET: {
      summary: "List orders",
      auth: ["none"],
      input: z.strictObject({ page: z.coerce.number().describe("Counted from 1"), all: z.stringbool().optional() }),
      output: z.object({ orders: z.array(z.string()), next: z.iso.datetime().nullable() }),
      handler: () => ({ orders: [], next: null }),
    },
    POST: {
      input: tree,
      output: tree,
      status: 201,
      idempotent: true,
      rateLimit: perMinute(60),
      handler: (input) => input,
    },
    PATCH: {
      input: z.strictObject({ a: z.string() }).optional(),
      handler: () => {},
    },
    DELETE: {
      input: z.discriminatedUnion("by", [
        z.strictObject({ by: z.literal("id"), id: z.string() }),
        z.strictObject({ by: z.literal("all") }),
      ]),
      handler: () => {},
    },
  },
});
const feed = define({
  name: "feed",
  summary: "Tell what happens",
  auth: ["publishable"],
  methods: {
    GET: { streams: true, handler: () => eventStream((async function* () {})()) },
    POST: { streams: "on-request", output: z.object({ text: z.string() }), handler: () => ({ text: "" }) },
  },
});

const document = buildOpenapi([orders.contract, feed.contract], { title: "Test", version: "1.2.3" });
// deno-lint-ignore no-explicit-any -- a document is walked as the JSON it becomes.
const json = JSON.parse(JSON.stringify(document)) as any;

function* nodes(value: unknown, path = "#"): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  for (const [key, inner] of Object.entries(value)) yield* nodes(inner, `${path}/${key}`);
}

// deno-lint-ignore no-explicit-any -- as above.
function operations(): [string, any][] {
  // deno-lint-ignore no-explicit-any -- as above.
  return Object.entries<any>(json.paths).flatMap(([path, methods]) =>
    // deno-lint-ignore no-explicit-any -- as above.
    Object.entries<any>(methods).map(([method, operation]): [string, any] => [`${method} ${path}`, operation])
  );
}

Deno.test("every reference leads somewhere, and nothing of a single schema's own space is left", () => {
  let references = 0;
  for (const [path, node] of nodes(json)) {
    assert.ok(!("$defs" in node) && !("$schema" in node), path);
    if (typeof node.$ref !== "string") continue;
    references++;
    assert.match(node.$ref, /^#\/components\//, path);
    const target = node.$ref.slice(2).split("/").reduce((at, key) => at?.[key], json);
    assert.ok(target !== undefined, `${path} refers to ${node.$ref}`);
  }
  assert.ok(references > 50);
});

Deno.test("operations are as OpenAPI 3.1 wants them", () => {
  assert.equal(json.openapi, "3.1.0");
  const ids = new Set<string>();
  for (const [name, operation] of operations()) {
    assert.ok(!ids.has(operation.operationId), name);
    ids.add(operation.operationId);
    assert.match(operation.operationId, /^[a-z][A-Za-z0-9]*$/);
    assert.ok(operation.summary.length > 0);
    for (const requirement of operation.security) {
      for (const scheme of Object.keys(requirement)) assert.ok(scheme in json.components.securitySchemes, scheme);
    }
    const seen = new Set<string>();
    for (const given of operation.parameters ?? []) {
      const parameter = given.$ref === undefined ? given : json.components.parameters[given.$ref.split("/").at(-1)];
      assert.ok(["query", "header"].includes(parameter.in) && parameter.schema !== undefined, name);
      assert.ok(!seen.has(`${parameter.in} ${parameter.name}`));
      seen.add(`${parameter.in} ${parameter.name}`);
    }
    for (const [status, response] of Object.entries<Record<string, unknown>>(operation.responses)) {
      assert.match(status, /^(?:[2-5]\d\d|default)$/);
      assert.ok(typeof response.description === "string" && response.description.length > 0, `${name} ${status}`);
    }
  }
  assert.deepEqual([...ids], [
    "feedGet",
    "feedPost",
    "shopOrdersGet",
    "shopOrdersPost",
    "shopOrdersPatch",
    "shopOrdersDelete",
  ]);
});

Deno.test("the document says what the contract says", () => {
  const { get, post, patch, delete: remove } = json.paths["/shop-orders"];
  assert.equal(get.summary, "List orders");
  assert.deepEqual(get.security, [{}]);
  assert.deepEqual(post.security, [{ user: [] }, { secret: ["cron"] }]);
  assert.deepEqual(get.parameters, [
    {
      name: "page",
      in: "query",
      required: true,
      description: "Counted from 1",
      schema: { type: "number", description: "Counted from 1" },
    },
    { name: "all", in: "query", required: false, schema: { type: "string" } },
  ]);
  assert.equal(post.requestBody.required, true);
  assert.equal(patch.requestBody.required, false);
  assert.equal(remove.requestBody, undefined);
  assert.equal(remove.parameters[0].explode, true);
  assert.ok("201" in post.responses && "204" in patch.responses && "200" in get.responses);
  assert.ok("ratelimit" in post.responses["201"].headers && !("ratelimit" in get.responses["200"].headers));
  const named = (...names: string[]) => names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
  assert.deepEqual(post.parameters, named("IdempotencyKey", "SessionKey"));
  assert.deepEqual(json.paths["/feed"].get.parameters, named("LastEventId", "SessionKey"));
  assert.deepEqual(Object.keys(json.paths["/feed"].get.responses["200"].content), ["text/event-stream"]);
  assert.deepEqual(Object.keys(json.paths["/feed"].post.responses["200"].content), [
    "application/json",
    "text/event-stream",
  ]);
});

Deno.test("each answer's problems are those that can happen there", () => {
  const { get, post } = json.paths["/shop-orders"];
  const codes = (response: { content: Record<string, { schema: { $ref?: string; oneOf?: { $ref: string }[] } }> }) => {
    const { schema } = response.content["application/problem+json"]!;
    return (schema.oneOf ?? [schema]).map(({ $ref }) => $ref!.split("/Problem_").at(-1));
  };
  assert.deepEqual(codes(post.responses["401"]), [
    "missing_credentials",
    "invalid_token",
    "expired_token",
    "invalid_api_key",
    "wrong_credentials",
  ]);
  assert.equal(get.responses["401"], undefined);
  assert.deepEqual(codes(post.responses["422"]), ["invalid_input", "idempotency_key_reused"]);
  assert.deepEqual(codes(post.responses["429"]), ["rate_limited"]);
  assert.equal(get.responses["413"], undefined);
  const [, limited] = json.components.schemas.Problem_rate_limited.allOf;
  assert.equal(limited.properties.status.const, 429);
  assert.deepEqual(limited.required, ["details"]);
});

Deno.test("the same contracts give the same document, in whatever order they come", () => {
  const again = buildOpenapi([feed.contract, orders.contract], { title: "Test", version: "1.2.3" });
  assert.equal(JSON.stringify(again), JSON.stringify(document));
});
