import assert from "node:assert/strict";
import { runCommand } from "../../tools/testing/runCommand.ts";
import { runSteps } from "../../tools/testing/runSteps.ts";
import type { Step } from "../../tools/testing/step.ts";

const passed = { passed: 1, failed: 0, skipped: 0, output: "" };

function options(lines: string[] = [], signal: AbortSignal = new AbortController().signal) {
  const databaseUrl = () => Promise.reject(new Error("No database here"));
  return { root: Deno.cwd(), signal, print: (line: string) => lines.push(line), databaseUrl };
}

function step(name: string, run: Step["run"], more: Partial<Step> = {}): Step {
  return { name, timeLimitMs: 20_000, run, ...more };
}

Deno.test("a step that throws has failed, and the others go on", async () => {
  const boom = step("boom", () => Promise.reject(new Error("Cannot go on")));
  const finished = await runSteps([boom, step("fine", () => Promise.resolve(passed))], options());
  assert.deepEqual(finished.map(({ step, result }) => [step.name, result.failed]), [["boom", 1], ["fine", 0]]);
  assert.match(finished[0]!.result.output, /Cannot go on/);
});

Deno.test("a command that outlives its time limit ends with all it started, and fails its step", async () => {
  const hanging = step("hanging", async ({ signal, root }) => {
    const { code } = await runCommand("sh", { args: ["-c", "sleep 600 & sleep 600"], cwd: root, signal });
    return { ...passed, output: `exit ${code}` };
  }, { timeLimitMs: 100 });
  const [finished] = await runSteps([hanging], options());
  assert.equal(finished!.result.failed, 1);
  assert.match(finished!.result.output, /took longer than 0.1 s\nexit 124/);
});

Deno.test("what a command leaves behind ends with it", async () => {
  const startedAt = performance.now();
  // The background process inherits the output: as long as it lived, the command's output would not end.
  const { code, output } = await runCommand("sh", {
    args: ["-c", "sleep 600 & echo started"],
    cwd: Deno.cwd(),
    signal: new AbortController().signal,
  });
  assert.deepEqual({ code, output }, { code: 0, output: "started\n" });
  assert.ok(performance.now() - startedAt < 60_000);
});

Deno.test("an exclusive step never runs beside another", async () => {
  let running = 0;
  let most = 0;
  const counting = async () => {
    running++;
    most = Math.max(most, running);
    await Promise.resolve();
    running--;
    return passed;
  };
  await runSteps([
    step("one", counting, { isExclusive: true }),
    step("two", counting, { isExclusive: true }),
    step("three", counting, { isExclusive: true }),
  ], options());
  assert.equal(most, 1);
});

Deno.test("a step that wants a database fails when there is none", async () => {
  const [finished] = await runSteps(
    [step("db", () => Promise.resolve(passed), { needsDatabase: true })],
    options(),
  );
  assert.match(finished!.result.output, /No database here/);
});

Deno.test("an interrupted run starts nothing more", async () => {
  const interrupt = new AbortController();
  const first = step("first", () => {
    interrupt.abort();
    return Promise.resolve(passed);
  }, { isExclusive: true });
  const finished = await runSteps(
    [first, step("second", () => Promise.resolve(passed))],
    options([], interrupt.signal),
  );
  assert.deepEqual(finished.map(({ step }) => step.name), ["first"]);
});
