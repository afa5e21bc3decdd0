import type { HealingDeps, HealingKernel } from "../client/healingDeps.ts";
import type { ReplayFilter, ReplayReport } from "../client/operatorReports.ts";
import { replayFields } from "./replayFields.ts";
import { replayLetters } from "./replayLetters.ts";
import { replayScope } from "./replayScope.ts";

/** Sends dead letters again, then moves rescued fields whose column is certain by now: of letters that landed just now, too. */
export async function replayKept(
  deps: HealingDeps,
  kernel: HealingKernel,
  filter: ReplayFilter = {},
): Promise<ReplayReport> {
  const scope = replayScope(filter, await kernel.schema.latest());
  const letters = await replayLetters(deps, kernel, scope);
  return { ...letters, ...await replayFields(kernel, scope) };
}
