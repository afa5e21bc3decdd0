import type { Step, StepResult } from "./step.ts";

/** How steps run. */
export interface RunOptions {
  readonly root: string;
  /** Interrupts the run. */
  readonly signal: AbortSignal;
  readonly print: (line: string) => void;
  /** The database server's address, asked for by the first step that needs it. */
  readonly databaseUrl: () => Promise<string>;
  /** How many steps run side by side; exclusive ones run alone. @default 2 */
  readonly width?: number;
  /** How often a running step says that it lives. @default 10_000 */
  readonly heartbeatMs?: number;
}

/** A step with what came of it. */
export interface FinishedStep {
  readonly step: Step;
  readonly result: StepResult;
}

/** Runs all steps, exclusive ones alone, and shows how they go. A step that throws or runs out of time has failed. */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<FinishedStep[]> {
  const { print, signal, width = 2 } = options;
  const finished: FinishedStep[] = [];
  const queue = [...steps];
  const running = new Set<Promise<void>>();
  const start = (step: Step) => {
    const startedAt = performance.now();
    const work = runStep(step, options).then((result) => {
      finished.push({ step, result });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const count = result.passed + result.failed > 1 ? `, ${result.passed} passed, ${result.failed} failed` : "";
      const verdict = result.failed === 0 ? "ok" : "FAILED";
      print(`[${finished.length}/${steps.length}] ${step.name} ... ${verdict} (${seconds} s${count})`);
      if (result.report !== undefined) print(result.report);
    }).finally(() => running.delete(work));
    running.add(work);
  };
  while (queue.length > 0 && !signal.aborted) {
    const step = queue[0]!;
    const isFree = step.isExclusive ? running.size === 0 : running.size < width;
    if (!isFree) {
      await Promise.race(running);
      continue;
    }
    queue.shift();
    start(step);
    if (step.isExclusive) await Promise.all(running);
  }
  await Promise.all(running);
  return finished;
}

async function runStep(step: Step, options: RunOptions): Promise<StepResult> {
  const { root, print, heartbeatMs = 10_000 } = options;
  const timeUp = new AbortController();
  const limit = setTimeout(() => timeUp.abort(), step.timeLimitMs);
  let lastLine = "";
  const progress = (line: string) => {
    if (line.trim() !== "") lastLine = line.trim();
  };
  const heartbeat = setInterval(() => print(`      ${step.name}: ${lastLine.slice(0, 100) || "running"}`), heartbeatMs);
  const signal = AbortSignal.any([timeUp.signal, options.signal]);
  try {
    const env: Record<string, string> = step.needsDatabase ? { BALLAST_TEST_DB_URL: await options.databaseUrl() } : {};
    const result = await orAbort(step.run({ root, env, signal, progress }), signal);
    return timeUp.signal.aborted ? timedOut(step, result) : result;
  } catch (error) {
    const failure = { passed: 0, failed: 1, skipped: 0 };
    if (timeUp.signal.aborted) return timedOut(step, { ...failure, output: "" });
    return { ...failure, output: error instanceof Error ? error.stack ?? String(error) : String(error) };
  } finally {
    clearTimeout(limit);
    clearInterval(heartbeat);
  }
}

function timedOut(step: Step, result: StepResult): StepResult {
  const output = `Cannot finish step '${step.name}': it took longer than ${
    step.timeLimitMs / 1000
  } s\n${result.output}`;
  return { ...result, failed: Math.max(1, result.failed), output };
}

/** Waits for `work`, but only 15 s longer than the signal: commands get that long to end, and nothing may hang a run. */
function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let patience: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      patience = setTimeout(() => reject(new Error("The step did not stop when told to")), 15_000);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(patience);
    });
  });
}
