import type { SqlTag } from "../db/database.ts";
import type { AlertThresholds } from "./alertThresholds.ts";
import type { RaisedAlert } from "./raiseAlert.ts";

/** What conditions may know besides the database. */
export interface ConditionContext {
  readonly thresholds: AlertThresholds;
  /** What all callers together may spend on models in a day, in millionths of a dollar; undefined is no limit. */
  readonly aiProjectMicroUsd: number | undefined;
  /** The sinks that are configured. */
  readonly sinks: readonly string[];
}

/** How it resolves is the same for all of them. */
export type FoundAlert = Omit<RaisedAlert, "quietSeconds">;

/** Something that is looked for each minute. */
export interface AlertCondition {
  /** What its keys begin with, before the colon. */
  readonly name: string;
  /** What is wrong at the moment, the worst first. One query; at most `mostAlerts` are raised. */
  find(sql: SqlTag, context: ConditionContext): Promise<FoundAlert[]>;
}
