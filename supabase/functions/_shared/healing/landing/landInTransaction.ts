import type { DbFailure } from "../../connect/dbFailure.ts";
import type { Outcome } from "../../connect/connector.ts";
import { toDbFailure } from "../../connect/toDbFailure.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { runTransaction } from "../transaction/runTransaction.ts";
import type { RunTransactionOptions } from "../transaction/transactionOptions.ts";
import { ledgerRecords, type RecordsContext } from "./ledgerRecords.ts";
import { openScope, type WriteRoute, type WriteScope } from "./route.ts";
import { sendWrite, type SentWrite } from "./sendWrite.ts";

/** A write that has landed, and whether it had before, under the same key. */
export interface Landed extends SentWrite {
  readonly isReplay: boolean;
  readonly attempts: number;
}

/** Carries a failure out of a transaction, so that it is rolled back. */
export class LandingFailure extends Error {
  constructor(readonly failure: DbFailure) {
    super(failure.message, { cause: failure.cause });
    this.name = "LandingFailure";
  }
}

/** Lands a write together with what the ledger keeps of it, within a transaction. */
export async function landInScope(
  scope: WriteScope,
  prepared: PreparedWrite,
  context: RecordsContext,
): Promise<Outcome<SentWrite>> {
  // Which rows a trigger kept back does not show in one statement: then each has one of its own.
  const mayPart = prepared.needsLedger && prepared.rows.length > 1;
  if (mayPart) await scope.sql`savepoint landing`;
  let outcome = await sendWrite(scope.connector, prepared);
  if (outcome.failure !== undefined) return outcome;
  if (mayPart && outcome.value.places === undefined) {
    await scope.sql`rollback to savepoint landing`;
    outcome = await sendWrite(scope.connector, prepared, prepared.rows.map((_, place) => [place]));
    if (outcome.failure !== undefined) return outcome;
  }
  const { heals, rescues } = ledgerRecords(prepared, outcome.value, context);
  // In one flight; the rescues refer to the heals, which come first.
  await Promise.all([scope.ledger.recordHeals(heals), scope.ledger.rescue(rescues.map(({ record }) => record))]);
  return outcome;
}

/** As above, in a transaction of its own: run again where it collides, settled where its commit was lost. */
export async function landInTransaction(
  route: Pick<WriteRoute, "types" | "memory"> & Required<Pick<WriteRoute, "database">>,
  prepared: PreparedWrite,
  options: RunTransactionOptions & { readonly records: RecordsContext },
): Promise<Outcome<Landed>> {
  const { records, ...how } = options;
  try {
    const { result, isReplay, attempts } = await runTransaction(route.database!, async (sql) => {
      const outcome = await landInScope(openScope(sql, route), prepared, records);
      if (outcome.failure !== undefined) throw new LandingFailure(outcome.failure);
      return outcome.value;
    }, how);
    return { value: { ...result, isReplay, attempts } };
  } catch (error) {
    return { failure: error instanceof LandingFailure ? error.failure : toDbFailure(error) };
  }
}
