import { print } from "../print.ts";
import { projectRoot } from "../projectRoot.ts";
import type { Checker } from "./checker.ts";

/** Runs one checker from the command line: prints what it found, and exits with 1 when there are problems. */
export async function runChecker(checker: Checker): Promise<never> {
  const { problems, report } = await checker.checkRoot(Deno.args[0] ?? projectRoot);
  if (report !== undefined) print(report);
  for (const problem of problems) print(`${problem.path}: ${problem.message}`);
  print(`${checker.name}: ${problems.length === 0 ? "no problems" : `${problems.length} problems`}`);
  Deno.exit(problems.length === 0 ? 0 : 1);
}
