import assert from "node:assert/strict";
import { FakeClock } from "../../../../tests/harness/fakeClock.ts";
import { RecordingObserver } from "../../../../tests/harness/recordingObserver.ts";
import type { Deadline } from "../http/deadline.ts";
import type { JobClaim, JobRunEnd, JobStore, LeasedRun } from "./jobStore.ts";
import { currentCause } from "../telemetry/causeScope.ts";
import { type JobWork, runLeasedJob } from "./runLeasedJob.ts";

const slot = new Date("2026-11-21T10:00:00Z");

function leasedRun(overrides: Partial<LeasedRun> = {}): LeasedRun {
  return {
    runId: "1",
    token: "t",
    job: "j",
    scheduledFor: slot,
    attempt: 1,
    progress: undefined,
    payload: {},
    leaseMs: 3000,
    ...overrides,
  };
}

/** Plays the database's part: hands out `claims` in turn and writes down what the runner tells it. */
class ScriptedStore implements JobStore {
  readonly renewals: unknown[] = [];
  readonly ends: JobRunEnd[] = [];
  isHeld = true;
  failure: Error | undefined;

  constructor(readonly claims: JobClaim[]) {}

  claim() {
    return Promise.resolve(this.claims.shift() ?? { status: "done" } as const);
  }
  renew(_lease: unknown, options?: { progress?: unknown }) {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    this.renewals.push(options?.progress);
    return Promise.resolve(this.isHeld);
  }
  finish(_lease: unknown, end: JobRunEnd) {
    const failure = this.failure;
    this.failure = undefined;
    if (failure !== undefined) return Promise.reject(failure);
    if (this.isHeld) this.ends.push(end);
    return Promise.resolve(this.isHeld);
  }
  health() {
    return Promise.resolve([]);
  }
}

function deadlineAfter(chunks: number): Deadline & { expire(): void } {
  const controller = new AbortController();
  let left = chunks;
  return {
    signal: controller.signal,
    remainingMs: () => left,
    shouldYield: () => --left < 0,
    expire: () => controller.abort(new Error("time is up")),
  };
}

const countTo = (last: number): JobWork<number, { counted: number }> => ({ progress = 0 }) => {
  const next = progress + 1;
  return Promise.resolve(
    next < last ? { isDone: false, progress: next } : { isDone: true, outcome: { counted: next } },
  );
};

Deno.test("runLeasedJob works chunk by chunk, saves each cursor and records the outcome", async () => {
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  const result = await runLeasedJob({
    store,
    job: "j",
    work: countTo(3),
    deadline: deadlineAfter(99),
    clock: new FakeClock(),
  });
  assert.equal(result.status, "succeeded");
  assert.deepEqual(store.renewals, [1, 2]);
  assert.deepEqual(store.ends, [{ state: "succeeded", outcome: { counted: 3 } }]);
});

Deno.test("runLeasedJob hands over at the deadline, and the next runner goes on from the cursor", async () => {
  const first = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  const clock = new FakeClock();
  const paused = await runLeasedJob({ store: first, job: "j", work: countTo(4), deadline: deadlineAfter(1), clock });
  assert.equal(paused.status, "paused");
  assert.deepEqual(first.ends, [{ state: "paused", progress: 2 }]);
  const second = new ScriptedStore([{ status: "claimed", run: leasedRun({ progress: 2 }) }]);
  await runLeasedJob({ store: second, job: "j", work: countTo(4), deadline: deadlineAfter(99), clock });
  assert.deepEqual(second.renewals, [3]);
  assert.deepEqual(second.ends, [{ state: "succeeded", outcome: { counted: 4 } }]);
});

Deno.test("runLeasedJob does no work where the claim is refused", async () => {
  for (const status of ["done", "exhausted", "disabled", "unknown"] as const) {
    const work = () => assert.fail("must not work");
    const store = new ScriptedStore([{ status }]);
    const result = await runLeasedJob({ store, job: "j", work, deadline: deadlineAfter(9), clock: new FakeClock() });
    assert.deepEqual(result, { status });
  }
});

Deno.test("runLeasedJob renews a lease while a chunk works, and stops the chunk once the lease is lost", async () => {
  const clock = new FakeClock();
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  const running = runLeasedJob({
    store,
    job: "j",
    deadline: deadlineAfter(99),
    clock,
    work: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
  });
  await clock.advance(2000);
  assert.equal(store.renewals.length, 2);
  store.isHeld = false;
  await clock.advance(1000);
  assert.equal((await running).status, "lost");
  assert.deepEqual(store.ends, []);
});

Deno.test("runLeasedJob takes its lease for lost once the database was away for as long as the lease lasts", async () => {
  const clock = new FakeClock();
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  let abortedAfterMs: number | undefined;
  const startedAt = clock.monotonic();
  const running = runLeasedJob({
    store,
    job: "j",
    deadline: deadlineAfter(99),
    clock,
    work: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          abortedAfterMs = clock.monotonic() - startedAt;
          reject(signal.reason);
        }, { once: true })
      ),
  });
  await clock.advance(1000);
  store.failure = Object.assign(new Error("gone"), { code: "08006" });
  await clock.advance(2999);
  assert.equal(abortedAfterMs, undefined);
  await clock.advance(1);
  assert.equal((await running).status, "lost");
  // Renewed at 1 s, so held until 4 s and not a beat longer.
  assert.equal(abortedAfterMs, 4000);
});

Deno.test("runLeasedJob records a failure by its code and keeps the cursor of the last whole chunk", async () => {
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  const result = await runLeasedJob<number, never>({
    store,
    job: "j",
    deadline: deadlineAfter(99),
    clock: new FakeClock(),
    work: ({ progress }) => {
      if (progress === undefined) return Promise.resolve({ isDone: false, progress: 1 });
      throw Object.assign(new Error("no such table"), { code: "42P01" });
    },
  });
  assert.equal(result.status, "failed");
  assert.deepEqual(store.renewals, [1]);
  assert.deepEqual(store.ends, [{ state: "failed", errorCode: "42P01" }]);
});

Deno.test("runLeasedJob counts a chunk that the deadline cut off as not done", async () => {
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun({ progress: 7 }) }]);
  const deadline = deadlineAfter(99);
  const running = runLeasedJob<number, never>({
    store,
    job: "j",
    deadline,
    clock: new FakeClock(),
    work: ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true })),
  });
  await Promise.resolve();
  await Promise.resolve();
  deadline.expire();
  assert.equal((await running).status, "paused");
  assert.deepEqual(store.ends, [{ state: "paused", progress: 7 }]);
});

Deno.test("runLeasedJob finishes the run that was left unfinished, then the one it was woken for", async () => {
  const earlier = new Date(slot.getTime() - 60_000);
  const store = new ScriptedStore([
    { status: "claimed", run: leasedRun({ scheduledFor: earlier, attempt: 2, progress: 1 }) },
    { status: "claimed", run: leasedRun({ runId: "2" }) },
  ]);
  const seen: string[] = [];
  const result = await runLeasedJob<number, null>({
    store,
    job: "j",
    scheduledFor: slot,
    deadline: deadlineAfter(99),
    clock: new FakeClock(),
    work: ({ scheduledFor, progress }) => {
      seen.push(`${scheduledFor.toISOString()} ${progress}`);
      return Promise.resolve({ isDone: true, outcome: null });
    },
  });
  assert.deepEqual(seen, ["2026-11-21T09:59:00.000Z 1", "2026-11-21T10:00:00.000Z undefined"]);
  assert.equal(result.status === "succeeded" && result.run.runId, "2");
});

Deno.test("runLeasedJob tries again to record an end that was lost on the way", async () => {
  const clock = new FakeClock();
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  store.failure = new Error("connection reset");
  const running = runLeasedJob({ store, job: "j", work: countTo(1), deadline: deadlineAfter(9), clock });
  await clock.advance(250);
  assert.equal((await running).status, "succeeded");
  assert.equal(store.ends.length, 1);
});

Deno.test("runLeasedJob does not send a cursor again that the chunk saved with its changes", async () => {
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun() }]);
  await runLeasedJob<{ at: number }, null>({
    store,
    job: "j",
    deadline: deadlineAfter(99),
    clock: new FakeClock(),
    async work({ progress, saveProgress }) {
      if (progress !== undefined) return { isDone: true, outcome: null };
      const next = { at: 1 };
      await saveProgress(() => Promise.resolve([]), next);
      return { isDone: false, progress: next };
    },
  });
  assert.deepEqual(store.renewals, [{ at: 1 }]);
});

Deno.test("runLeasedJob starts over where the saved cursor is not understood", async () => {
  const store = new ScriptedStore([{ status: "claimed", run: leasedRun({ progress: { old: "shape" } }) }]);
  const seen: unknown[] = [];
  await runLeasedJob<number, null>({
    store,
    job: "j",
    deadline: deadlineAfter(99),
    clock: new FakeClock(),
    readProgress: (saved) => typeof saved === "number" ? saved : undefined,
    work: ({ progress }) => {
      seen.push(progress);
      return Promise.resolve({ isDone: true, outcome: null });
    },
  });
  assert.deepEqual(seen, [undefined]);
});

Deno.test("each run is told with its time and its failure, and works on its own behalf", async () => {
  const observer = new RecordingObserver();
  const clock = new FakeClock();
  const seen: unknown[] = [];
  const run = (work: JobWork<number, unknown>) =>
    runLeasedJob({
      store: new ScriptedStore([{ status: "claimed", run: leasedRun({ runId: "run-7" }) }]),
      job: "j",
      work,
      deadline: deadlineAfter(99),
      clock,
      observer,
    });
  const slow = run(async (chunk) => {
    seen.push(currentCause());
    await new Promise<void>((resolve) => clock.setTimer(resolve, 40));
    return await countTo(1)(chunk);
  });
  await clock.advance(40);
  await slow;
  await run(() => Promise.reject(Object.assign(new Error("secret"), { code: "57014" })));
  assert.deepEqual(observer.calls, [
    { operation: "job.j", durationMs: 40, hasFailed: false },
    { operation: "job.j", durationMs: 0, hasFailed: true },
  ]);
  assert.deepEqual(observer.events, [
    { kind: "failure", subject: "job.j", cause: "sqlstate:57014", detail: { attempt: 1 } },
  ]);
  assert.deepEqual(seen, [{ requestId: "run-7", functionName: "j", startedAtMs: clock.now() - 40 }]);
});
