import { join } from "node:path";
import { allCheckers } from "../checkers/allCheckers.ts";
import { hasTests, testFolders } from "./findTests.ts";
import { checkerStep, commandStep, testStep } from "./makeSteps.ts";
import type { Step } from "./step.ts";

/** Where unit tests stand beside their source. They run without any permission: what they need is passed in. */
const unitFolders = ["supabase", "local", "tools", "bench"];

/** The steps of `deno task ok`: what every commit passes. */
export async function gateSteps(root: string): Promise<Step[]> {
  const folders: string[] = [];
  for (const folder of unitFolders) {
    if (await hasTests(join(root, folder))) folders.push(folder);
  }
  const unit = testStep("unit tests", folders, { permissions: [], timeLimitMs: 400_000 });
  return [
    commandStep("types", ["check", "--quiet", "."], 240_000),
    commandStep("format", ["fmt", "--check"], 60_000),
    commandStep("lint", ["lint"], 60_000),
    ...allCheckers.filter((checker) => checker.isSlow !== true)
      .map((checker) => checkerStep(checker.name, checker.checkRoot)),
    ...(folders.length > 0 ? [unit] : []),
  ];
}

/**
 * The steps of `deno task test`: the gate, then whatever stands under `tests/`, on one Postgres server. Chaos at its full
 * counts takes its time.
 */
export async function fullSteps(root: string, { isFullChaos = false } = {}): Promise<Step[]> {
  const slowCheckers = allCheckers.filter((checker) => checker.isSlow)
    .map((checker) => checkerStep(checker.name, checker.checkRoot, { timeLimitMs: 300_000, isExclusive: true }));
  const tests = (await testFolders(join(root, "tests"))).map((name) =>
    testStep(`tests/${name}`, [`tests/${name}`], {
      permissions: ["-A"],
      timeLimitMs: isFullChaos ? 5_400_000 : 600_000,
      tellsAll: isFullChaos,
      needsDatabase: name !== "tools",
    })
  );
  return [...await gateSteps(root), ...slowCheckers, ...tests];
}
