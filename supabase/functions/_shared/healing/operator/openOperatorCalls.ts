import type { HealingDeps } from "../client/healingDeps.ts";
import type { ResilientDb } from "../client/resilientDb.ts";
import { decidePattern } from "./decidePattern.ts";
import { explainHeal } from "./explainHeal.ts";
import { operatorCall } from "./operatorCall.ts";
import { reconstructRows } from "./reconstructRows.ts";
import { replayKept } from "./replayKept.ts";
import { undoHeal } from "./undoHeal.ts";

/** What an operator asks of a resilient database. */
export type OperatorCalls = Pick<
  ResilientDb,
  "replay" | "undo" | "explain" | "reconstruct" | "patterns" | "approve" | "reject"
>;

/** The calls by which people look at what healing did, take it back, and decide what it may do. */
export function openOperatorCalls(deps: HealingDeps): OperatorCalls {
  return {
    replay: (filter) => operatorCall(deps, (kernel) => replayKept(deps, kernel, filter)),
    undo: (id, note) => operatorCall(deps, (kernel) => undoHeal(deps, kernel, id, note)),
    explain: (id) => operatorCall(deps, (kernel) => explainHeal(kernel, id)),
    reconstruct: (target) => operatorCall(deps, (kernel) => reconstructRows(kernel, target)),
    patterns: () => operatorCall(deps, ({ patterns }) => patterns.list()),
    approve: (id, note) => operatorCall(deps, (kernel) => decidePattern(deps, kernel, "approve", id, note)),
    reject: (id, note) => operatorCall(deps, (kernel) => decidePattern(deps, kernel, "reject", id, note)),
  };
}
