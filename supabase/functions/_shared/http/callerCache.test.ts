import assert from "node:assert/strict";
import * as z from "zod";
import { defineCache } from "../cache/cacheDefinition.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { fakeKeys, fakeServices } from "./testing/fakeServices.ts";
import { tokenMaker } from "./testing/tokenMaker.ts";

const answers = defineCache<string>({ name: "answers", ttl: 60_000 });
const prices = defineCache<string>({ name: "prices", ttl: 60_000, sharedBecause: "the price list is public" });

Deno.test("two users who ask for the same through one isolate get each their own, and the declared one together", async () => {
  const maker = await tokenMaker();
  let loads = 0;
  const fn = createFunctionFactory(() => services)({
    name: "cached",
    summary: "Answer from the cache",
    auth: ["user", "publishable"],
    methods: {
      GET: {
        input: z.strictObject({ drop: z.string().optional() }),
        output: z.object({ own: z.string(), shared: z.string() }),
        handler: async ({ drop }, ctx) => {
          if (drop !== undefined) await ctx.cache.dropTag(drop);
          const who = ctx.caller.kind === "user" ? ctx.caller.userId : ctx.caller.kind;
          const load = () => `${who} ${++loads}`;
          const own = await ctx.cache.of(answers).get(["mine", 1], load, { tags: [`who:${who}`] });
          return { own, shared: await ctx.cache.of(prices).get("all", load, { tags: ["prices"] }) };
        },
      },
    },
  });
  const services = fakeServices({ jwks: maker.jwks });
  const ask = async (claims: Record<string, unknown> | undefined, query = "") => {
    const token = claims === undefined ? {} : { authorization: `Bearer ${await maker.sign(claims)}` };
    const headers = { apikey: fakeKeys.publishableKeys.default, ...token };
    const response = await fn.fetch(new Request(`http://localhost/functions/v1/cached${query}`, { headers }));
    return await response.json();
  };
  assert.deepEqual(await ask({ sub: "ada" }), { own: "ada 1", shared: "ada 2" });
  assert.deepEqual(await ask({ sub: "bob" }), { own: "bob 3", shared: "ada 2" });
  assert.deepEqual(await ask(undefined), { own: "publishable 4", shared: "ada 2" });
  assert.deepEqual(await ask({ sub: "ada", jti: "another token" }), { own: "ada 1", shared: "ada 2" });
  // A user who has come to be of another organisation is somebody else.
  assert.deepEqual(await ask({ sub: "ada", app_metadata: { org: "x" } }), { own: "ada 5", shared: "ada 2" });
  assert.deepEqual(await ask({ sub: "bob" }, "?drop=who:ada"), { own: "bob 3", shared: "ada 2" });
  assert.deepEqual(await ask({ sub: "ada" }, "?drop=prices"), { own: "ada 6", shared: "ada 7" });
});
