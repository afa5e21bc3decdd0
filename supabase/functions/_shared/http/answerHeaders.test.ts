import assert from "node:assert/strict";
import { collectHeaders, contribute } from "./answerHeaders.ts";
import { defineMiddleware, pipeline, seedContext } from "./middleware.ts";

/** A layer that tells in a header of its own, and in one that all share, that it has seen the answer. */
const layer = (name: string, seen: string[] = []) =>
  defineMiddleware<string, void>({
    key: name,
    run: () => (_request, ctx) =>
      contribute(ctx, { [name]: name }, () => {
        seen.push(name);
        return { [`x-${name}`]: name, "x-last": name };
      }),
  })();

const request = () => new Request("http://localhost/");
type App = (request: Request, context: object) => Promise<Response>;

function app(seen: string[], answer: () => Promise<Response>): App {
  return pipeline([layer("outer", seen), layer("inner", seen)] as never, answer as never) as App;
}

Deno.test("headers are set by the layers themselves, or once by whoever collects them: to the same effect", async () => {
  for (const isCollected of [false, true]) {
    const seen: string[] = [];
    const context = seedContext();
    const stamp = isCollected ? collectHeaders(context) : (response: Response) => response;
    const answer = await app(seen, () => {
      assert.deepEqual(seen, []);
      return Promise.resolve(new Response("ok"));
    })(request(), context);
    assert.deepEqual(seen, isCollected ? [] : ["inner", "outer"]);
    const stamped = stamp(answer);
    assert.deepEqual(seen, ["inner", "outer"]);
    assert.deepEqual(
      ["x-outer", "x-inner", "x-last"].map((name) => stamped.headers.get(name)),
      ["outer", "inner", "outer"],
    );
  }
});

Deno.test("what is handed in is not mistaken for a key of the context", async () => {
  const context = seedContext();
  const stamp = collectHeaders(context);
  const keys = (_request: Request, ctx: object) => Promise.resolve(Response.json(Object.keys(ctx)));
  const answer = await (pipeline([layer("outer")] as never, keys as never) as App)(request(), context);
  assert.deepEqual(await stamp(answer).json(), ["outer"]);
});
