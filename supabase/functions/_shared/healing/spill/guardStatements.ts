import type { Row } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import { classifySqlState } from "../../db/sqlState.ts";
import type { HealingDeps } from "../client/healingDeps.ts";
import type { DbResult, ResilientStatements, WriteOptions } from "../client/resilientDb.ts";
import { ResilientDbError } from "../client/resilientDbError.ts";
import { refusedCall } from "../client/statementCalls.ts";
import { causedBy, currentCause } from "../../telemetry/causeScope.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { breakerOpen, isDown, knownToBeDown } from "./isDown.ts";
import { ownCopy } from "./ownCopy.ts";

/** Makes a call unless the database is known to be down, and tells the breaker what came of it. */
export async function callBehindBreaker<Data>(
  { breaker }: Pick<HealingDeps, "breaker">,
  call: () => Promise<DbResult<Data>>,
): Promise<DbResult<Data>> {
  if (!breaker.allows()) return toStopped(knownToBeDown);
  const result = await call();
  breaker.report(result.error !== null && isDown(result.error));
  return result;
}

/** Puts statements behind the breaker, and keeps writes that may wait while the database is down. */
export function guardStatements(deps: HealingDeps, inner: ResilientStatements): ResilientStatements {
  type Send<Options> = (options: Options | undefined) => Promise<DbResult<Row[]>>;

  async function write<Options extends WriteOptions>(
    options: Options | undefined,
    payload: unknown,
    /** Makes the statement of the payload: the one that was given, or a copy of it that is kept. */
    of: (payload: never) => Send<Options>,
  ): Promise<DbResult<Row[]>> {
    const send = of(payload as never);
    if (options?.durability !== "spill") return await callBehindBreaker(deps, () => send(options));
    const { database } = deps.route;
    if (database === undefined) {
      return refusedCall("Cannot spill a write through PostgREST: it has no idempotency keys");
    }
    // What waits already goes first.
    if (deps.spill.status.waiting > 0) await deps.spill.flush();
    const isBehind = deps.spill.status.waiting > 0;
    const met = isBehind ? undefined : await callBehindBreaker(deps, () => send(options));
    if (met !== undefined && !maySpill(met, options)) return met;
    const kept = of(ownCopy(payload) as never);
    const { signal: _, ...others } = options;
    const how = { ...others, idempotencyKey: options.idempotencyKey ?? deps.random.uuid() } as unknown as Options;
    const bytes = new TextEncoder().encode(exactJson(payload)).length;
    const scope = currentCause();
    const later = () => kept(how);
    // It is sent by a timer, or with another request's write: what is noted of it names the one that it came with.
    const isKept = deps.spill.add({ bytes, send: scope === undefined ? later : () => causedBy(scope, later) });
    const cause = met?.error;
    return isKept
      ? stopped("SPILLED", "The database is down: the write is kept in memory, to be sent later", true, cause)
      : stopped("SPILL_FULL", "Cannot keep the write in memory as there is no room left", false, cause);
  }

  return {
    insert: (table, rows, options) =>
      write(options, [table, rows], ([table, rows]: [string, Row[]]) => (how) => inner.insert(table, rows, how)),
    upsert: (table, rows, options) =>
      write(
        options,
        [table, rows],
        ([table, rows]: [string, Row[]]) => (how) => inner.upsert(table, rows, how ?? options),
      ),
    update: (table, patch, match, options) =>
      write(
        options,
        [table, patch, match],
        ([table, patch, match]: [string, Row, Row]) => (how) => inner.update(table, patch, match, how),
      ),
    delete: (table, match, options) =>
      write(options, [table, match], ([table, match]: [string, Row]) => (how) => inner.delete(table, match, how)),
    select: (table, selection, options) => callBehindBreaker(deps, () => inner.select(table, selection, options)),
    rpc: (fn, args, options) => callBehindBreaker(deps, () => inner.rpc(fn, args, options)),
  };
}

/** Only what certainly did nothing, or does it once however often it is sent. */
function maySpill({ error }: DbResult<unknown>, { idempotencyKey }: WriteOptions): boolean {
  if (error === null) return false;
  const { code } = error;
  const kind = classifySqlState(code);
  if (code === breakerOpen || kind === "never_ran") return true;
  return idempotencyKey !== undefined && (kind === "connection_lost" || code === "OUTCOME_UNKNOWN");
}

function stopped(code: string, message: string, isOutcomeUnknown?: boolean, cause?: unknown): DbResult<never> {
  return toStopped({ code, kind: "never_ran", message, isOutcomeUnknown: isOutcomeUnknown === true, cause });
}

function toStopped(failure: DbFailure): DbResult<never> {
  return { data: null, error: new ResilientDbError(failure), healing: [], attempts: 0, durationMs: 0 };
}
