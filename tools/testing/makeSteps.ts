import { runCommand } from "./runCommand.ts";
import { readTestSummary } from "./testSummary.ts";
import type { Step, StepResult } from "./step.ts";
import type { Findings } from "../checkers/checker.ts";

const success: StepResult = { passed: 1, failed: 0, skipped: 0, output: "" };

/** A step that is one command and counts as one test: it passes when the command exits with 0. */
export function commandStep(name: string, args: readonly string[], timeLimitMs: number): Step {
  return {
    name,
    timeLimitMs,
    async run({ root, env, signal, progress }) {
      const { code, output } = await runCommand(Deno.execPath(), { args, cwd: root, env, signal, onLine: progress });
      return code === 0 ? success : { passed: 0, failed: 1, skipped: 0, output };
    },
  };
}

/** A step that runs test files with `deno test`, and counts each test. */
export function testStep(
  name: string,
  folders: readonly string[],
  options: {
    permissions: readonly string[];
    timeLimitMs: number;
    needsDatabase?: boolean;
    /** Is all that the tests print to be shown, and not only why they failed? @default false */
    tellsAll?: boolean;
  },
): Step {
  const { permissions, timeLimitMs, needsDatabase = false, tellsAll = false } = options;
  // Types are a step of their own; leaked connections and timers fail the test that left them.
  const flags = ["--parallel", "--no-check", "--sanitize-ops", "--sanitize-resources"];
  return {
    name,
    timeLimitMs,
    needsDatabase,
    isExclusive: true,
    async run({ root, env, signal, progress }) {
      const { code, output } = await runCommand(Deno.execPath(), {
        args: ["test", ...flags, ...permissions, ...folders],
        cwd: root,
        env,
        signal,
        onLine: progress,
      });
      const tally = readTestSummary(output, code);
      if (tellsAll) return { ...tally, output };
      return { ...tally, output: tally.failed > 0 ? failuresOf(output) : "" };
    },
  };
}

/** A step that is one of our checkers and counts as one test: it passes when there are no problems. */
export function checkerStep(
  name: string,
  check: (root: string) => Promise<Findings>,
  options: { timeLimitMs?: number; isExclusive?: boolean } = {},
): Step {
  const { timeLimitMs = 60_000, isExclusive = false } = options;
  return {
    name,
    timeLimitMs,
    isExclusive,
    async run({ root }) {
      const { problems, report } = await check(root);
      const extra = report === undefined ? {} : { report };
      if (problems.length === 0) return { ...success, ...extra };
      const output = problems.map((problem) => `${problem.path}: ${problem.message}`).join("\n");
      return { passed: 0, failed: 1, skipped: 0, output, ...extra };
    },
  };
}

/** The part of a test run that tells of failures; all of it where there is no such part. */
function failuresOf(output: string): string {
  const start = output.lastIndexOf("\n ERRORS \n");
  return start < 0 ? output : output.slice(start + 1);
}
