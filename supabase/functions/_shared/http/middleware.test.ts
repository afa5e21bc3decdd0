import assert from "node:assert/strict";
import { defineMiddleware, pipeline, seedContext } from "./middleware.ts";

type Layer = Parameters<typeof pipeline>[0][number];
const request = () => new Request("http://localhost/");

/** The same layer in each way it can be written: adds its name to the context, and to the answer on the way out. */
function waysToWrite(seen: string[]) {
  const enter = (name: string) => (seen.push(`${name} in`), { [name]: name });
  const leave = (name: string, response: Response) => {
    seen.push(`${name} out`);
    response.headers.append("x-left", name);
    return response;
  };
  return {
    value: defineMiddleware<string, void>({ key: "value", run: () => () => enter("value") })(),
    promise: defineMiddleware<string, void>({ key: "promise", run: () => () => Promise.resolve(enter("promise")) })(),
    generator: defineMiddleware<string, void>({
      key: "generator",
      run: () =>
        function* () {
          return leave("generator", yield enter("generator"));
        },
    })(),
    asyncGenerator: defineMiddleware<string, void>({
      key: "asyncGenerator",
      run: () =>
        async function* () {
          return leave("asyncGenerator", yield enter("asyncGenerator"));
        },
    })(),
  };
}

const fold = (layers: readonly Layer[], handler: (request: Request, ctx: object) => Promise<Response>) =>
  pipeline(layers as never, handler as never) as (request: Request) => Promise<Response>;

Deno.test("a layer may be a value, a promise, a generator or an async one, in any order", async () => {
  const seen: string[] = [];
  const layers = Object.values(waysToWrite(seen));
  for (const order of [layers, layers.toReversed()]) {
    seen.length = 0;
    const response = await fold(order, (_request, ctx) => Promise.resolve(Response.json(Object.keys(ctx))))(request());
    const entered = seen.slice(0, 4).map((line) => line.split(" ")[0]);
    assert.deepEqual(await response.json(), entered);
    assert.deepEqual(
      seen.slice(4).map((line) => line.split(" ")[0]),
      entered.filter((name) => name?.endsWith("enerator")).reverse(),
    );
    assert.equal(response.headers.get("x-left")?.split(", ").length, 2);
  }
});

Deno.test("an error of any layer or of the handler is a rejection, never thrown at the caller", async () => {
  const fail = () => {
    throw new Error("boom");
  };
  const failing: Layer[] = [
    defineMiddleware<string, void>({ key: "a", run: () => fail })(),
    defineMiddleware<string, void>({ key: "a", run: () => () => Promise.reject(new Error("boom")) })(),
    defineMiddleware<string, void>({
      key: "a",
      run: () =>
        // deno-lint-ignore require-yield -- fails before it gets there
        function* () {
          return fail();
        },
    })(),
    defineMiddleware<string, void>({
      key: "a",
      run: () =>
        function* () {
          yield { a: 1 };
          return fail();
        },
    })(),
  ];
  for (const layer of failing) {
    await assert.rejects(fold([layer], () => Promise.resolve(new Response()))(request()), /boom/);
  }
  await assert.rejects(fold([waysToWrite([]).value], fail)(request()), /boom/);
  await assert.rejects(fold([waysToWrite([]).generator], fail)(request()), /boom/);
});

Deno.test("any layer may answer by itself, and a generator may recover from what is thrown further in", async () => {
  const cut = () => new Response("cut short");
  const runs = [
    () => cut(),
    () => Promise.resolve(cut()),
    // deno-lint-ignore require-yield -- answers before it gets there
    function* () {
      return cut();
    },
  ];
  for (const run of runs) {
    const layer = defineMiddleware<string, void>({ key: "a", run: () => run as () => Response })();
    const answer = await fold([layer], () => Promise.reject(new Error("not reached")))(request());
    assert.equal(await answer.text(), "cut short");
  }
  const recovering = defineMiddleware<string, void>({
    key: "a",
    run: () =>
      function* () {
        try {
          return yield { a: 1 };
        } catch (error) {
          return new Response(`recovered from ${(error as Error).message}`);
        }
      },
  })();
  const answer = await fold([recovering], () => Promise.reject(new Error("boom")))(request());
  assert.equal(await answer.text(), "recovered from boom");
});

Deno.test("a layer that has nothing to do steps aside, and keeps out what a runtime passes as second argument", async () => {
  const idle = defineMiddleware<string, void>({ key: "idle", run: () => undefined })();
  const layers = [idle, waysToWrite([]).value, idle];
  const keys = (_request: Request, ctx: object) => Promise.resolve(Response.json(Object.keys(ctx)));
  assert.deepEqual(await (await fold(layers, keys)(request())).json(), ["value"]);
  const alone = fold([idle], keys) as (request: Request, argument: unknown) => Promise<Response>;
  assert.deepEqual(await (await alone(request(), { remoteAddr: "127.0.0.1" })).json(), []);
});

Deno.test("a context of ours grows in place, anybody else's stays as it is", async () => {
  const context = { ...seedContext(), theirs: 1 };
  const seen: object[] = [];
  const layer = (name: string) =>
    defineMiddleware<string, void>({ key: name, run: () => (_request, ctx) => (seen.push(ctx), { [name]: name }) })();
  const app = fold([layer("a"), layer("b")], (_request, ctx) => Promise.resolve(Response.json(ctx))) as (
    request: Request,
    context: object,
  ) => Promise<Response>;
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(await (await app(request(), context)).json(), { theirs: 1, a: "a", b: "b" });
  }
  assert.deepEqual(Object.keys(context), ["theirs"]);
  assert.equal(seen[0], context);
  assert.notEqual(seen[1], seen[3]);
});
