import assert from "node:assert/strict";
import { createFunctionFactory } from "../../supabase/functions/_shared/http/functionFactory.ts";
import { fakeKeys, fakeServices } from "../../supabase/functions/_shared/http/testing/fakeServices.ts";
import { createJobFactory, type JobDefinition } from "../../supabase/functions/_shared/jobs/jobFactory.ts";
import { addSchedule, type JobDatabase, jobDatabase } from "./jobs/jobDatabase.ts";

function jobFunction(database: JobDatabase, definition: Partial<JobDefinition<number, unknown>> = {}) {
  const services = fakeServices();
  let retire = () => {};
  const fn = createJobFactory(createFunctionFactory(() => services), {
    admin: () => database.admin,
    platform: { cpuTimeMs: () => 0, onRetire: (listener) => retire = () => listener("early_drop") },
  })<number, unknown>({
    name: "some-job",
    summary: "Do some job",
    work: ({ payload }) => Promise.resolve({ isDone: true, outcome: { payload } }),
    ...definition,
  });
  const wake = async (body: unknown = {}, key = fakeKeys.secretKeys.default) => {
    const response = await fn.fetch(
      new Request("http://localhost/functions/v1/some-job", {
        method: "POST",
        headers: { "content-type": "application/json", apikey: key },
        body: JSON.stringify(body),
      }),
    );
    return { status: response.status, body: await response.json() };
  };
  return { wake, settled: () => Promise.all(services.background), retire: () => retire(), logged: services.logged };
}

const runs = async ({ sql }: JobDatabase) =>
  (await sql`select scheduled_for, state, outcome, progress, error_code from resilience.job_runs order by id`)
    .map((row) => ({ ...row }));

Deno.test("a wake-up is answered with 202 while the work goes on, and its end is recorded", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "some-job");
  await database.sql`update resilience.job_schedules set payload = '{"size": 3}'`;
  const goOn = Promise.withResolvers<void>();
  const { wake, settled } = jobFunction(database, {
    work: async ({ payload }) => {
      await goOn.promise;
      return { isDone: true, outcome: payload };
    },
  });
  const { status, body } = await wake({ scheduledFor: "2026-11-21T10:00:00Z" });
  assert.equal(status, 202);
  assert.deepEqual({ ...body, run: { ...body.run, id: typeof body.run.id } }, {
    job: "some-job",
    status: "started",
    run: { id: "string", scheduledFor: "2026-11-21T10:00:00.000Z", attempt: 1, isResumed: false },
  });
  assert.equal((await runs(database))[0]?.state, "running");
  assert.equal((await wake({ scheduledFor: "2026-11-21T10:01:00Z" })).body.status, "busy");
  goOn.resolve();
  await settled();
  assert.deepEqual((await runs(database)).map(({ state, outcome }) => [state, outcome]), [["succeeded", { size: 3 }]]);
  assert.deepEqual(await wake({ scheduledFor: "2026-11-21T10:00:00Z" }), {
    status: 202,
    body: { job: "some-job", status: "done" },
  });
});

Deno.test("a failure is recorded by its code, logged, and tells the caller nothing", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "some-job");
  const { wake, settled, logged } = jobFunction(database, {
    work: () => Promise.reject(Object.assign(new Error("password=hunter2"), { code: "42P01" })),
  });
  const { body } = await wake();
  assert.equal(body.status, "started");
  await settled();
  assert.deepEqual((await runs(database)).map(({ state, error_code }) => [state, error_code]), [["failed", "42P01"]]);
  assert.equal(logged.find(({ message }) => message === "Job failed")?.fields.code, "42P01");
});

Deno.test("a dry run works it out in the answer and claims nothing", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "some-job");
  const { wake } = jobFunction(database, {
    work: ({ isDryRun, progress = 0 }) =>
      Promise.resolve(
        progress < 2 ? { isDone: false, progress: progress + 1 } : { isDone: true, outcome: { isDryRun } },
      ),
  });
  const { status, body } = await wake({ dryRun: true });
  assert.equal(status, 202);
  assert.deepEqual(body, {
    job: "some-job",
    status: "rehearsed",
    outcome: { isComplete: true, outcome: { isDryRun: true } },
  });
  assert.deepEqual(await runs(database), []);
});

Deno.test("an isolate that is about to go hands its run over, and the next goes on from there", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "some-job");
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const first = jobFunction(database, {
    work: async ({ progress = 0 }) => {
      reached.resolve();
      await goOn.promise;
      return { isDone: false, progress: progress + 1 };
    },
  });
  await first.wake({ scheduledFor: "2026-11-21T10:00:00Z" });
  await reached.promise;
  first.retire();
  goOn.resolve();
  await first.settled();
  assert.deepEqual((await runs(database)).map(({ state, progress }) => [state, progress]), [["paused", 1]]);
  const seen: unknown[] = [];
  const second = jobFunction(database, {
    work: ({ progress, scheduledFor }) => {
      seen.push([scheduledFor.toISOString(), progress]);
      return Promise.resolve({ isDone: true, outcome: null });
    },
  });
  assert.equal((await second.wake({ scheduledFor: "2026-11-21T11:00:00Z" })).body.run.isResumed, true);
  await second.settled();
  assert.deepEqual(seen, [["2026-11-21T10:00:00.000Z", 1], ["2026-11-21T11:00:00.000Z", undefined]]);
});

Deno.test("only a secret key wakes a job, only the function's own jobs, and only with a body that fits", async () => {
  await using database = await jobDatabase();
  await addSchedule(database.sql, "another");
  const { wake } = jobFunction(database);
  assert.equal((await wake({}, fakeKeys.publishableKeys.default)).status, 401);
  assert.equal((await wake({ job: "another" })).body.code, "invalid_input");
  assert.equal((await wake({ scheduledFor: "yesterday" })).body.code, "invalid_input");
  assert.equal((await wake({ force: true })).body.code, "invalid_input");
  const missing = await wake();
  assert.deepEqual([missing.status, missing.body.code], [404, "not_found"]);
  await addSchedule(database.sql, "some-job", { isEnabled: false });
  assert.equal((await wake()).body.status, "disabled");
  assert.deepEqual(await runs(database), []);
});
