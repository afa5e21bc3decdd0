/** Checks and tests everything: `deno task test`, or with `--gate` what every commit passes: `deno task ok`. */
import { print } from "./print.ts";
import { projectRoot } from "./projectRoot.ts";
import { fullSteps, gateSteps } from "./testing/allSteps.ts";
import { type FinishedStep, runSteps } from "./testing/runSteps.ts";
import { TestDatabaseServer } from "./testing/testDatabaseServer.ts";
import { addTallies, closingLine, type Tally } from "./testing/testSummary.ts";

const failedRun: Tally = { passed: 0, failed: 1, skipped: 0 };

async function main(args: readonly string[]): Promise<Tally> {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => interrupt.abort());
  const onlyAt = args.indexOf("--only");
  const only = onlyAt < 0 ? undefined : args[onlyAt + 1] ?? "";
  const all = args.includes("--gate") ? await gateSteps(projectRoot) : await fullSteps(projectRoot, {
    isFullChaos: Deno.env.get("BALLAST_CHAOS") === "full",
  });
  const steps = only === undefined ? all : all.filter((step) => step.name.includes(only));
  if (steps.length === 0) {
    print(`Cannot run '--only ${only}': the steps are ${all.map((step) => `'${step.name}'`).join(", ")}`);
    return failedRun;
  }
  const server = new TestDatabaseServer(projectRoot);
  try {
    const finished = await runSteps(steps, {
      root: projectRoot,
      signal: interrupt.signal,
      print,
      databaseUrl: () => server.url(),
    });
    show(finished.filter(({ result }) => result.failed > 0 || result.output !== ""));
    const tally = addTallies(finished.map(({ result }) => result));
    return interrupt.signal.aborted ? { ...tally, failed: Math.max(1, tally.failed) } : tally;
  } finally {
    await server.stop();
  }
}

/** What a step has to tell: why it failed, or the figures of a full count. */
function show(finished: readonly FinishedStep[]): void {
  for (const { step, result } of finished) {
    print(`\n==== ${step.name}${result.failed === 0 ? "" : " failed"} ====`);
    print(result.output.trimEnd());
  }
}

const tally = await main(Deno.args).catch((error: unknown) => {
  print(error instanceof Error ? error.stack ?? String(error) : String(error));
  return failedRun;
});
print();
print(closingLine(tally));
Deno.exit(tally.failed === 0 ? 0 : 1);
