import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { AppError } from "../errors/appError.ts";
import { sleep } from "../time/sleep.ts";
import { pipeline } from "./middleware.ts";
import type { RequestDeadline } from "./requestDeadline.ts";
import { withDeadline } from "./withDeadline.ts";

function rig(handler: (deadline: RequestDeadline) => Promise<Response>, options: { deadlineMs?: number } = {}) {
  const clock = new FakeClock();
  const background: Promise<unknown>[] = [];
  let cpu: number | undefined;
  const platform = { cpuTimeMs: () => cpu, waitUntil: (work: Promise<unknown>) => void background.push(work) };
  const app = pipeline([withDeadline({ clock, platform, ...options })], (_request, ctx) => handler(ctx.deadline));
  return { app, clock, background, setCpu: (ms: number) => cpu = ms };
}

const request = (signal?: AbortSignal) => new Request("http://localhost/", signal === undefined ? {} : { signal });

Deno.test("an answer in time passes, and leaves no timer behind", async () => {
  const { app, clock } = rig(() => Promise.resolve(new Response("done")));
  assert.equal(await (await app(request())).text(), "done");
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("work that ignores the signal is answered for at the deadline, and may end in the background", async () => {
  const late = Promise.withResolvers<Response>();
  const { app, clock, background } = rig(() => late.promise, { deadlineMs: 500 });
  const answer = app(request());
  await clock.advance(499);
  const outcome = assert.rejects(answer, (error: AppError) => {
    assert.equal(error.code, "deadline_exceeded");
    assert.deepEqual(error.details, { deadlineMs: 500 });
    return true;
  });
  await clock.advance(1);
  await outcome;
  assert.equal(background.length, 1);
  late.resolve(new Response("too late"));
  await background[0];
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("work that heeds the signal is told that time is up", async () => {
  const clockBox: { clock?: FakeClock } = {};
  let reason: unknown;
  const { app, clock } = rig(async ({ signal }) => {
    await sleep(60_000, { signal, clock: clockBox.clock! }).catch((error) => reason = error);
    return new Response();
  }, { deadlineMs: 500 });
  clockBox.clock = clock;
  const outcome = assert.rejects(app(request()), { code: "deadline_exceeded" });
  await clock.advance(500);
  await outcome;
  assert.equal((reason as DOMException).name, "TimeoutError");
  assert.equal(clock.pendingTimers, 0);
});

Deno.test("the signal aborts when the client leaves, and not once the answer has left", async () => {
  const client = new AbortController();
  let signal: AbortSignal | undefined;
  const answered = rig((deadline) => {
    signal = deadline.signal;
    return Promise.resolve(new Response());
  });
  await answered.app(request(client.signal));
  client.abort();
  assert.equal(signal?.aborted, false);

  const left = new AbortController();
  const waiting = rig(async (deadline) => {
    await new Promise((resolve) => deadline.signal.addEventListener("abort", resolve));
    return new Response(String(deadline.signal.reason.name));
  });
  const answer = waiting.app(request(left.signal));
  await Promise.resolve();
  left.abort();
  assert.equal(await (await answer).text(), "AbortError");
  assert.equal(waiting.clock.pendingTimers, 0);
});

Deno.test("no deadline is longer than the platform allows", async () => {
  const { app } = rig((deadline) => Promise.resolve(Response.json(deadline.remainingMs())), { deadlineMs: 10_000_000 });
  assert.equal(await (await app(request())).json(), 140_000);
});

Deno.test("work is asked to hand over when little time or little CPU is left", async () => {
  const told: boolean[] = [];
  const { app, clock, setCpu } = rig(async (deadline) => {
    told.push(deadline.shouldYield());
    setCpu(100 + 1_499);
    told.push(deadline.shouldYield());
    setCpu(100 + 1_500);
    told.push(deadline.shouldYield());
    setCpu(100);
    await clock.advance(9_000);
    told.push(deadline.shouldYield());
    await clock.advance(1);
    told.push(deadline.shouldYield());
    return new Response();
  }, { deadlineMs: 10_000 });
  setCpu(100);
  await app(request());
  assert.deepEqual(told, [false, false, true, false, true]);
});

Deno.test("where the runtime does not tell its CPU time, all time counts as computing", async () => {
  const told: boolean[] = [];
  const { app, clock } = rig(async (deadline) => {
    await clock.advance(1_499);
    told.push(deadline.shouldYield());
    await clock.advance(1);
    told.push(deadline.shouldYield());
    return new Response();
  });
  await app(request());
  assert.deepEqual(told, [false, true]);
});
