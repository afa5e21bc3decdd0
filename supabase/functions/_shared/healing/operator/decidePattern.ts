import type { HealingDeps, HealingKernel } from "../client/healingDeps.ts";
import type { PatternNote } from "../client/operatorReports.ts";
import { changePattern } from "../patterns/changePattern.ts";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import { approve, reject } from "../patterns/patternTransitions.ts";
import { isId, OperatorRefusal } from "./operatorRefusal.ts";
import { replayKey } from "./replayFields.ts";

/** Says yes or no to a pattern. After a yes, what was set aside under its key moves to its column. */
export async function decidePattern(
  { plans }: Pick<HealingDeps, "plans">,
  kernel: HealingKernel,
  decision: "approve" | "reject",
  id: string,
  { by = "operator", reason, seen }: PatternNote = {},
): Promise<HealingPattern> {
  const decide = decision === "approve" ? approve : reject;
  const decided = !isId(id) ? undefined : await changePattern(kernel.patterns, id, (pattern) => {
    if (pattern.state.kind === "expired") {
      throw new OperatorRefusal("PATTERN_EXPIRED", `Cannot ${decision} pattern ${id} as it has expired`);
    }
    if (seen !== undefined && pattern.state.kind !== seen) {
      throw new OperatorRefusal(
        "PATTERN_CHANGED",
        `Cannot ${decision} pattern ${id} as it is ${pattern.state.kind} by now, no longer ${seen}: read it and decide again`,
      );
    }
    return decide(pattern, by, reason);
  });
  if (decided === undefined) throw new OperatorRefusal("NOT_FOUND", `Cannot find pattern "${id}"`);
  kernel.shelf.forget(decided.tableOid);
  plans.clear();
  if (decision === "approve") await replayOf(kernel, decided);
  return decided;
}

async function replayOf(kernel: HealingKernel, { tableOid, targetAttnum, key }: HealingPattern): Promise<void> {
  const schema = await kernel.schema.latest();
  const table = schema.snapshot.tables.find(({ oid }) => oid === tableOid);
  const column = table?.columns.find(({ attnum, isGenerated }) => attnum === targetAttnum && !isGenerated);
  if (table !== undefined && column !== undefined) await replayKey(kernel, { table, key, column, schema });
}
