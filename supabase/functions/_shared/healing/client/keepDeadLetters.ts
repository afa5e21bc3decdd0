import type { DbFailure } from "../../connect/dbFailure.ts";
import type { Row } from "../../connect/connector.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import type { DeadLetterRecord } from "../ledger/deadLetter.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { postgresHealingLedger } from "../ledger/postgresHealingLedger.ts";
import type { WriteCall } from "../plan/writeCall.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { requestOf } from "./requestOf.ts";
import { tellDeadLetters } from "./tellHealing.ts";

/** What is known of a write that is given up. */
export interface GivenUp {
  readonly call: WriteCall;
  readonly failure: DbFailure;
  readonly attempts: number;
  readonly schemaHash?: string;
  readonly table?: TableSnapshot;
  /** What else speaks of the failure, such as values that do not fit. */
  readonly findings?: readonly unknown[];
}

/** Puts a write that is given up into letters, one a row. */
export function toDeadLetters(given: GivenUp, deps: Pick<HealingDeps, "random" | "requestId">): DeadLetterRecord[] {
  const { call, failure, attempts, schemaHash, table, findings } = given;
  if (call.operation === "select") return [];
  const { match, conflictColumns } = call;
  const { column, constraint, dataType, kind } = failure;
  const rows: readonly Row[] = call.operation === "delete" ? [{}] : call.rows;
  return rows.map((row) => ({
    id: deps.random.uuid(),
    ...requestOf(deps),
    table: { ...call.table, ...(table === undefined ? {} : { oid: table.oid }) },
    operation: call.operation as DeadLetterRecord["operation"],
    payload: exactJson(row),
    argumentsText: exactJson({ match, onConflict: conflictColumns }),
    errorCode: failure.code,
    errorFields: { kind, column, constraint, dataType, ...(findings === undefined ? {} : { findings }) },
    ...(schemaHash === undefined ? {} : { schemaVersion: schemaHash }),
    attempts,
  }));
}

/** Keeps a write that is given up, under the rights of whoever wrote it. No ids where even that is not possible. */
export async function keepDeadLetters(deps: HealingDeps, given: GivenUp): Promise<readonly string[]> {
  const letters = toDeadLetters(given, deps);
  if (letters.length === 0) return [];
  try {
    const { database } = deps.route;
    if (database !== undefined) {
      await database.transaction((sql) => postgresHealingLedger(sql).keepDeadLetters(letters));
    } else {
      const kernel = deps.kernel();
      if (kernel === undefined) return [];
      await kernel.ledger.keepDeadLetters(letters);
    }
    const { call: { table, operation }, failure: { code } } = given;
    tellDeadLetters(deps.hub, table, { letters: letters.length, code, operation });
    return letters.map(({ id }) => id);
  } catch (error) {
    deps.onError(error);
    return [];
  }
}
