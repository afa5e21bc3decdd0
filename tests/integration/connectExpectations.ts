import assert from "node:assert/strict";
import type { Connector, Outcome, Row } from "../../supabase/functions/_shared/connect/connector.ts";
import type { DbFailure } from "../../supabase/functions/_shared/connect/dbFailure.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";
import { table } from "./connectFixture.ts";

/** Adds one test of the contract. */
export type AddTest = (title: string, run: (connector: Connector, database: TestDatabase) => Promise<void>) => void;

/** The table with a column of each kind. */
export const things = table("things");

/** A table whose name tries to end its statement. */
export const oddTable = table('or;d"ers \u{1f600}');

/** What came of a statement that must have succeeded. */
export function valueOf<Value>(outcome: Outcome<Value>): Value {
  assert.equal(outcome.failure, undefined, outcome.failure && Deno.inspect(outcome.failure));
  return outcome.value as Value;
}

/** Why a statement failed that must have. */
export function failureOf(outcome: Outcome<unknown>): DbFailure {
  assert.ok(outcome.failure, `expected a failure: got ${Deno.inspect(outcome.value)}`);
  return outcome.failure;
}

/** Some of the rows' values. */
export function pick(rows: readonly Row[], ...keys: string[]): unknown[][] {
  return rows.map((row) => keys.map((key) => row[key]));
}
