import { toDbFailure } from "../../connect/toDbFailure.ts";
import type { RowFate } from "../client/batchReport.ts";
import type { HealingDeps } from "../client/healingDeps.ts";
import { toDeadLetters } from "../client/keepDeadLetters.ts";
import { payloadHash } from "../client/payloadHash.ts";
import { ResilientDbError } from "../client/resilientDbError.ts";
import { tryAndHeal } from "../client/runStatement.ts";
import type { Send } from "../client/sendPrepared.ts";
import { subjectOf } from "../client/statementShape.ts";
import { tellDeadLetters } from "../client/tellHealing.ts";
import { LandingFailure, landInScope } from "../landing/landInTransaction.ts";
import { openScope } from "../landing/route.ts";
import { runTransaction } from "../transaction/runTransaction.ts";
import { afterFailure, givenUp, mayInsert, type Range, type RangeOutcome, type TryRange } from "./batchRange.ts";
import { fatesOf } from "./fatesOf.ts";

/** What is kept of a range under its key: exactly one of these, in the transaction that makes it true. */
type Verdict =
  | { readonly kind: "landed"; readonly fates: readonly RowFate[] }
  /** The lengths of the parts it was cut into. */
  | { readonly kind: "parted"; readonly lengths: readonly number[] }
  | { readonly kind: "dead"; readonly ids: readonly string[]; readonly code: string; readonly message: string };

/**
 * Tries ranges under a key each. A range is landed, parted or dead exactly once: whoever comes later, or at the same time,
 * is told the verdict. So a batch that is sent again goes the same way, and no row lands twice, though some rows might do
 * better by then.
 */
export function keyedRange(deps: HealingDeps, key: string, signal: AbortSignal | undefined): TryRange {
  const { route: { database }, clock, random } = deps;
  const aborting = signal === undefined ? {} : { signal };

  return async (range) => {
    const call = { operation: "insert", table: range.table, rows: range.rows } as const;
    const how = {
      clock,
      random,
      ...aborting,
      ...(deps.deadline === undefined ? {} : { deadline: deps.deadline }),
      scope: "batch",
      hub: deps.hub,
      knobs: deps.knobs,
      subject: subjectOf(range.table),
      idempotencyKey: `${key}:${range.start}-${range.rows.length}`,
      requestHash: await payloadHash(call),
    };
    let verdict: Verdict | undefined;
    const send: Send = async (_deps, prepared, { records }) => {
      try {
        const { result, isReplay } = await runTransaction<Verdict>(database!, async (sql) => {
          const outcome = await landInScope(openScope(sql, deps.route), prepared, records);
          if (outcome.failure !== undefined) throw new LandingFailure(outcome.failure);
          return { kind: "landed", fates: fatesOf(prepared) };
        }, how);
        verdict = result;
        return { value: { rows: [], isRecorded: true, isReplay } };
      } catch (error) {
        return { failure: error instanceof LandingFailure ? error.failure : toDbFailure(error) };
      }
    };
    const healed = await tryAndHeal(deps, call, { deadLetter: false, send, ...aborting });
    if (verdict !== undefined) return toOutcome(range, verdict);
    const after = afterFailure(range, healed, await mayInsert(deps, range, healed.failure));
    const failure = healed.failure!;
    if (after.kind === "failed") return { kind: "settled", rows: givenUp(range, failure, healed, []) };
    try {
      const { result, isReplay } = await runTransaction<Verdict>(database!, async (sql) => {
        if (after.kind === "parted") return { kind: "parted", lengths: after.parts.map(({ rows }) => rows.length) };
        const letters = toDeadLetters({ call, failure, attempts: healed.attempts }, deps);
        await openScope(sql, deps.route).ledger.keepDeadLetters(letters);
        return { kind: "dead", ids: letters.map(({ id }) => id), code: failure.code, message: failure.message };
      }, how);
      if (result.kind === "dead" && !isReplay) {
        const { operation, table } = call;
        tellDeadLetters(deps.hub, table, { letters: result.ids.length, code: result.code, operation });
      }
      return toOutcome(range, result);
    } catch (error) {
      deps.onError(error);
      return { kind: "settled", rows: givenUp(range, failure, healed, []) };
    }
  };
}

function toOutcome(range: Range, verdict: Verdict): RangeOutcome {
  switch (verdict.kind) {
    case "landed":
      return { kind: "settled", rows: verdict.fates.map((fate) => ({ fate })) };
    case "parted": {
      let at = 0;
      const parts = verdict.lengths.map((length) => {
        const part = { table: range.table, start: range.start + at, rows: range.rows.slice(at, at + length) };
        at += length;
        return part;
      });
      return { kind: "parted", parts };
    }
    case "dead": {
      const { code, message, ids } = verdict;
      const failure = { code, kind: "other", message, isOutcomeUnknown: false, cause: undefined } as const;
      const toRow = (id: string) =>
        ({ fate: "deadLettered", error: new ResilientDbError(failure, { deadLetterIds: [id] }) }) as const;
      return { kind: "settled", rows: ids.map(toRow) };
    }
  }
}
