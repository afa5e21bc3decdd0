import type { Database } from "../../db/database.ts";
import type { HealingDeps, HealingKernel } from "../client/healingDeps.ts";
import { openResilientDb } from "../client/openResilientDb.ts";
import type { DbResult, ResilientDb } from "../client/resilientDb.ts";
import type { ResilientDbOptions } from "../client/resilientDbOptions.ts";
import { databaseRoute } from "../landing/databaseRoute.ts";
import { operatorCall } from "./operatorCall.ts";

/** A resilient database for those who look after it, and write nothing of their own. */
export interface OperatorDb extends Pick<ResilientDb, "flush" | "close"> {
  /** Runs one of the operator's calls, such as `explainHeal` or `replayKept`: who needs one carries no other. */
  call<Data>(work: (kernel: HealingKernel, deps: HealingDeps) => Promise<Data>): Promise<DbResult<Data>>;
}

/**
 * Opens the operator's side of a resilient database. It asks no model: what is sent again is planned by evidence alone, and
 * a function is spared the clients of models and of PostgREST, half a megabyte of its bundle.
 */
export function openOperatorDb(
  database: Database,
  options: Omit<ResilientDbOptions, "ai" | "aiKey" | "aiBaseUrl" | "aiCircuit" | "ledger"> = {},
): OperatorDb {
  const { deps, flush, close } = openResilientDb(database, options, { openRoute: () => databaseRoute(database) });
  return { call: (work) => operatorCall(deps, (kernel) => work(kernel, deps)), flush, close };
}
