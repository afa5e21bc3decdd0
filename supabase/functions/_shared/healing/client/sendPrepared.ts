import type { Outcome, Row } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import { landAhead } from "../landing/landAhead.ts";
import { landInTransaction } from "../landing/landInTransaction.ts";
import type { RecordsContext } from "../landing/ledgerRecords.ts";
import { noteRows } from "../landing/noteRows.ts";
import { sendWrite } from "../landing/sendWrite.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { healsOf } from "../plan/writePlan.ts";
import { payloadHash } from "./payloadHash.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { subjectOf } from "./statementShape.ts";

/** How a statement is sent. */
export interface SendOptions {
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** Do the plan's findings stand in the ledger already? */
  readonly isRecorded: boolean;
  readonly records: RecordsContext;
}

/** Rows that have landed. */
export interface SentRows {
  readonly rows: Row[];
  /** Do the plan's findings stand in the ledger by now? */
  readonly isRecorded: boolean;
  /** Had it landed before, under the same key? */
  readonly isReplay: boolean;
}

/** A way to send a prepared statement. */
export type Send = (deps: HealingDeps, prepared: PreparedWrite, options: SendOptions) => Promise<Outcome<SentRows>>;

/**
 * Sends a prepared statement by the cheapest way that loses nothing: as one statement where the rows themselves tell what
 * was sent, else together with the ledger.
 */
export async function sendPrepared(
  deps: HealingDeps,
  prepared: PreparedWrite,
  options: SendOptions,
): Promise<Outcome<SentRows>> {
  const { idempotencyKey, signal, isRecorded, records } = options;
  const { route, clock, random } = deps;
  const { database, connector } = route;
  const heals = healsOf(prepared.plan);
  const mustRecord = prepared.call.rows.length > 0 && (prepared.needsLedger || (heals.length > 0 && !isRecorded));
  if (idempotencyKey !== undefined && database === undefined) return { failure: keyRefusal };
  if (database !== undefined && (mustRecord || idempotencyKey !== undefined)) {
    const key = idempotencyKey === undefined ? {} : { idempotencyKey, requestHash: await payloadHash(prepared.call) };
    const landed = await landInTransaction({ ...route, database }, prepared, {
      ...key,
      ...(signal === undefined ? {} : { signal }),
      ...(deps.deadline === undefined ? {} : { deadline: deps.deadline }),
      clock,
      random,
      hub: deps.hub,
      subject: subjectOf(prepared.table),
      records,
    });
    if (landed.failure !== undefined) return landed;
    return { value: { rows: landed.value.rows, isRecorded: true, isReplay: landed.value.isReplay } };
  }
  if (mustRecord) {
    const kernel = deps.kernel();
    if (kernel === undefined) return { failure: ledgerRefusal };
    const outcome = await landAhead(connector, kernel.ledger, prepared, records);
    if (outcome.failure !== undefined) return outcome;
    return { value: { rows: outcome.value.rows, isRecorded: true, isReplay: false } };
  }
  const outcome = await sendWrite(connector, prepared);
  if (outcome.failure !== undefined) return outcome;
  if (heals.length > 0) noteRows(deps.journal, prepared, outcome.value, records, deps.writer);
  return { value: { rows: outcome.value.rows, isRecorded, isReplay: false } };
}

const refused = (message: string): DbFailure => ({
  code: "INVALID_CALL",
  kind: "other",
  message,
  isOutcomeUnknown: false,
  cause: undefined,
});
const keyRefusal = refused("Cannot write under an idempotency key through PostgREST: it has no transactions");
const ledgerRefusal = refused("Cannot heal the write as there is no connection to the ledger: see option 'ledger'");
