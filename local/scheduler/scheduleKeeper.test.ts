import assert from "node:assert/strict";
import { FakeClock } from "../../tests/harness/fakeClock.ts";
import { type JobSchedule, keepSchedules } from "./scheduleKeeper.ts";
import type { WakeUp } from "./wakeUp.ts";

const start = Date.parse("2026-11-21T10:00:30Z");

async function keeping(schedules: JobSchedule[], pollMs = 2000) {
  const clock = new FakeClock(start);
  const woken: string[] = [];
  const lines: string[] = [];
  const source = { schedules, failure: undefined as Error | undefined };
  const keeper = await keepSchedules({
    clock,
    pollMs,
    onLog: (line) => lines.push(line),
    readSchedules: () =>
      source.failure === undefined ? Promise.resolve(source.schedules) : Promise.reject(source.failure),
    wake: ({ job, functionName, slotMs }: WakeUp) => {
      woken.push(`${job} ${functionName} ${new Date(slotMs).toISOString().slice(11, 16)}`);
      return Promise.resolve();
    },
  });
  return { clock, woken, lines, source, keeper };
}

const minutely: JobSchedule = { name: "a", cron: "* * * * *", functionName: "f" };

Deno.test("keepSchedules wakes each slot once, with the slot's own time", async () => {
  const { clock, woken, keeper } = await keeping([minutely, { name: "b", cron: "*/2 * * * *", functionName: "g" }]);
  await clock.advance(120_000);
  assert.deepEqual(woken.sort(), ["a f 10:01", "a f 10:02", "b g 10:02"]);
  await keeper.stop();
});

Deno.test("keepSchedules takes up changed, new and vanished schedules within a poll", async () => {
  const { clock, woken, source, keeper } = await keeping([minutely]);
  source.schedules = [{ ...minutely, cron: "5 * * * *" }, { ...minutely, name: "b" }];
  await clock.advance(60_000);
  assert.deepEqual(woken, ["b f 10:01"]);
  source.schedules = [];
  await clock.advance(600_000);
  assert.deepEqual(woken, ["b f 10:01"]);
  await keeper.stop();
});

Deno.test("keepSchedules keeps what it knows while the database is away, and tells it once", async () => {
  const { clock, woken, lines, source, keeper } = await keeping([minutely]);
  source.failure = new Error("connection refused");
  await clock.advance(60_000);
  assert.deepEqual(woken, ["a f 10:01"]);
  assert.deepEqual(lines, ["Cannot read the job schedules: connection refused"]);
  await keeper.stop();
});

Deno.test("keepSchedules passes over an expression it does not understand and keeps the others", async () => {
  const { clock, woken, lines, keeper } = await keeping([{ ...minutely, name: "x", cron: "@daily please" }, minutely]);
  await clock.advance(60_000);
  assert.deepEqual(woken, ["a f 10:01"]);
  assert.match(lines[0] ?? "", /^Cannot schedule the job 'x' as '@daily please' is not understood/);
  await keeper.stop();
});

Deno.test("keepSchedules reaches a slot that is further away than a timer can count", async () => {
  const { clock, woken, keeper } = await keeping([{ ...minutely, cron: "0 0 1 12 *" }], 86_400_000);
  await clock.advance(Date.parse("2026-11-30T23:59:59Z") - start);
  assert.deepEqual(woken, []);
  await clock.advance(1000);
  assert.deepEqual(woken, ["a f 00:00"]);
  await keeper.stop();
});

Deno.test("keepSchedules wakes nothing after stop", async () => {
  const { clock, woken, keeper } = await keeping([minutely]);
  await keeper.stop();
  await clock.advance(300_000);
  assert.deepEqual(woken, []);
});
