import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { pipeline } from "../http/middleware.ts";
import { withDeadline } from "../http/withDeadline.ts";
import { withProblems } from "../http/withProblems.ts";
import { sleep } from "../time/sleep.ts";
import type { DependencyOptions } from "./dependencyPipeline.ts";
import { fallback } from "./fallback.ts";
import { HeldWork } from "./testing/heldWork.ts";
import { MemoryRetryBudgetStore } from "./testing/memoryRetryBudgetStore.ts";
import { type Resilience, withResilience, type WithResilienceConfig } from "./withResilience.ts";

type Handler = (resilience: Resilience<"catalog">) => unknown;

function rig(handler: Handler, catalog: DependencyOptions = {}, config: Partial<WithResilienceConfig<"catalog">> = {}) {
  const clock = new FakeClock();
  const platform = { waitUntil: (work: Promise<unknown>) => void work.catch(() => {}) };
  const layer = withResilience({ dependencies: { catalog }, clock, platform, ...config });
  const answer = async (_request: Request, { resilience }: { resilience: Resilience<"catalog"> }) =>
    Response.json(await handler(resilience));
  const log = { error: () => {} };
  return {
    clock,
    alone: pipeline([layer], answer),
    inside: pipeline([
      withProblems({ log }),
      withDeadline({ deadlineMs: 400, clock, platform: { ...platform, cpuTimeMs: () => undefined } }),
      layer,
    ], (request, ctx) => answer(request, ctx)),
  };
}

const request = (signal?: AbortSignal) => new Request("http://localhost/", signal === undefined ? {} : { signal });

Deno.test("withResilience: calls stand under the dependency's policies, and none is made twice unless that was said", async () => {
  let calls = 0;
  const flaky = () => ++calls % 2 === 1 ? Promise.reject(new Error("odd")) : Promise.resolve("fine");
  const once = rig((resilience) => resilience.call("catalog", flaky));
  await assert.rejects(once.alone(request()), /odd/);
  const clock = new FakeClock();
  const retryBudgets = new MemoryRetryBudgetStore(clock);
  const again = rig((resilience) => resilience.pipeline("catalog").execute(flaky), { maxAttempts: 2 }, {
    retryBudgets,
  });
  calls = 0;
  const answer = again.alone(request());
  await again.clock.advance(1_000);
  assert.equal(await (await answer).json(), "fine");
  assert.deepEqual([calls, retryBudgets.leases], [2, 1]);
});

Deno.test("withResilience: nothing outlives the request: its own deadline, or the one further out", async () => {
  const work = new HeldWork();
  const short = rig((resilience) => resilience.call("catalog", work.run), {}, { deadlineMs: 200 });
  const outcome = assert.rejects(short.alone(request()), /took more than 200 ms/);
  await short.clock.advance(208);
  await outcome;

  const told: number[] = [];
  const policies = { fallback: fallback(() => "instead") };
  const within = rig(async (resilience) => {
    await sleep(100, { clock: within.clock });
    told.push(resilience.remainingMs());
    return await resilience.call("catalog", work.run);
  }, { policies, timeoutMs: 150 });
  const answer = within.inside(request());
  await within.clock.advance(300);
  assert.deepEqual([await (await answer).json(), told, work.running], ["instead", [300], 0]);
  await within.clock.advance(0);
  assert.equal(within.clock.pendingTimers, 0);
});

Deno.test("withResilience: the request's deadline ends calls also where the dependency has none of its own", async () => {
  const work = new HeldWork();
  const open = rig((resilience) => resilience.call("catalog", work.run), { policies: { deadline: undefined } });
  const answer = open.inside(request());
  await open.clock.advance(400);
  assert.deepEqual([(await answer).status, work.running], [504, 0]);
});

Deno.test("withResilience: a client that leaves ends its calls, and so does a caller's own signal", async () => {
  const work = new HeldWork();
  const client = new AbortController();
  const left = rig((resilience) => resilience.call("catalog", work.run));
  const outcome = assert.rejects(left.alone(request(client.signal)));
  await Promise.resolve();
  client.abort();
  await outcome;
  const own = new AbortController();
  const stopped = rig((resilience) => resilience.call("catalog", work.run, { signal: own.signal }));
  const second = assert.rejects(stopped.alone(request()), /enough/);
  own.abort(new Error("enough"));
  await second;
  assert.equal(work.running, 0);
});

Deno.test("withResilience: what policies refuse leaves as a problem that says when to come again", async () => {
  const work = new HeldWork();
  const narrow = rig((resilience) => resilience.call("catalog", work.run), { capacity: 1, queueCapacity: 0 });
  const first = narrow.inside(request());
  await narrow.clock.advance(0);
  const refused = await narrow.inside(request());
  assert.deepEqual([refused.status, (await refused.json()).code], [503, "overloaded"]);
  work.calls[0]!.end();
  assert.equal(await (await first).json(), "done");

  const slow = rig((resilience) => resilience.call("catalog", work.run), { timeoutMs: 100 });
  const late = slow.inside(request());
  await slow.clock.advance(150);
  const problem = await (await late).json();
  assert.deepEqual([problem.code, problem.details], ["deadline_exceeded", { deadlineMs: 100 }]);
});

Deno.test("withResilience: a dependency that was not named is refused, and bad options at once", async () => {
  const { alone } = rig((resilience) => resilience.call("other" as "catalog", () => 7));
  await assert.rejects(alone(request()), /Cannot call 'other' as there is no such dependency: there are 'catalog'/);
  assert.throws(() => rig(() => 7, { capacity: 0 }), /'capacity' must be a whole number from 1/);
});
