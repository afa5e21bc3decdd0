import type { DbFailure } from "../../connect/dbFailure.ts";
import type { Match, Row, Selection } from "../../connect/connector.ts";
import { toDbFailure } from "../../connect/toDbFailure.ts";
import type { SqlTag } from "../../db/database.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { policyFor } from "../diagnosis/policyFor.ts";
import { landInScope } from "../landing/landInTransaction.ts";
import { openScope, type WriteScope } from "../landing/route.ts";
import { type PreparedWrite, prepareWrite, renameBack } from "../plan/prepareWrite.ts";
import { diagnosisContextOf, replan } from "../plan/replan.ts";
import type { WriteCall } from "../plan/writeCall.ts";
import { healsOf, startingPlan, type WritePlan } from "../plan/writePlan.ts";
import { runTransaction } from "../transaction/runTransaction.ts";
import { findMisreadWithin } from "./findMisread.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { requestOf } from "./requestOf.ts";
import type { DbResult, Healing, ResilientStatements, ResilientTransactionOptions } from "./resilientDb.ts";
import { ResilientDbError } from "./resilientDbError.ts";
import { refusedCall, statementCalls } from "./statementCalls.ts";
import { success } from "./runStatement.ts";
import { tableName } from "./tableName.ts";
import { TransactionStory } from "./transactionStory.ts";
import { tellStatements } from "./tellStatements.ts";

/** How often a transaction runs again because one of its statements has been healed. */
const mostHeals = 8;

interface Obstacle {
  readonly prepared: PreparedWrite;
  readonly failure: DbFailure;
}

/**
 * Runs `work` in one transaction. A statement that drifts dooms the transaction in Postgres, so it is healed outside: what it
 * takes is planned, and the whole runs again with the plan applied from the start.
 */
export async function runInTransaction<Result>(
  deps: HealingDeps,
  work: (tx: ResilientStatements) => Promise<Result>,
  options: ResilientTransactionOptions = {},
): Promise<DbResult<Result>> {
  const { clock, random, route: { database } } = deps;
  const startedAt = clock.monotonic();
  if (database === undefined) return refusedCall("Cannot run a transaction through PostgREST: it has none");
  /** What statements took to land, by their call; kept for the next run. */
  const plans = new Map<string, WritePlan>();
  const story = new TransactionStory(deps);
  let attempts = 0;
  for (let heals = 0;; heals++) {
    let obstacle: Obstacle | undefined;
    let healing: Healing[] = [];
    const landed: PreparedWrite[] = [];
    try {
      const { result, isReplay } = await runTransaction(database, async (sql: SqlTag) => {
        attempts++;
        obstacle = undefined;
        healing = [];
        landed.length = 0;
        const scope = openScope(sql, deps.route);
        const run = async (call: WriteCall): Promise<DbResult<Row[]>> => {
          if (obstacle !== undefined) throw new HealOutside(obstacle.failure);
          const statementAt = clock.monotonic();
          const plan = plans.get(keyOf(call)) ?? deps.plans.find(call)?.plan ?? startingPlan(call);
          const prepared = prepareWrite(call, plan);
          const misread = await findMisreadWithin(sql, prepared);
          const outcome = misread === undefined ? await land(deps, scope, prepared, statementAt) : { failure: misread };
          const durationMs = clock.monotonic() - statementAt;
          if (outcome.failure === undefined) {
            const done = success(renameBack(outcome.value.rows, prepared), { plan, attempts: 1, durationMs });
            if (healsOf(plan).length > 0 || prepared.needsLedger) landed.push(prepared);
            healing.push(...done.healing);
            return done;
          }
          const { failure } = outcome;
          if (mayHeal(failure, prepared)) {
            obstacle = { prepared, failure };
            throw new HealOutside(failure);
          }
          // Whoever goes on is told so by the next statement; Postgres commits nothing of it.
          return { data: null, error: new ResilientDbError(failure), healing: [], attempts: 1, durationMs };
        };
        const answer = await work(tellStatements(deps, statementsOf(scope, run, clock)));
        if (obstacle !== undefined) throw new HealOutside((obstacle as Obstacle).failure);
        return answer;
      }, {
        clock,
        random,
        hub: deps.hub,
        knobs: deps.knobs,
        ...(deps.deadline === undefined ? {} : { deadline: deps.deadline }),
        ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
        ...(options.isolation === undefined ? {} : { isolation: options.isolation }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      for (const { call, plan } of landed) {
        if (healsOf(plan).length > 0) deps.plans.keep(call, plan, { isRecorded: true });
      }
      story.end(isReplay ? [] : landed, true);
      return { data: result, error: null, healing, attempts, durationMs: clock.monotonic() - startedAt };
    } catch (error) {
      const met = obstacle as Obstacle | undefined;
      if (met !== undefined) story.meet(met.prepared, met.failure);
      if (met !== undefined && heals < mostHeals && await planAround(deps, met, plans)) {
        story.plan(plans.values());
        continue;
      }
      story.end([], false);
      const failure = met?.failure ?? (error instanceof ResilientDbError ? failureOf(error) : toDbFailure(error));
      const durationMs = clock.monotonic() - startedAt;
      if (met === undefined && failure.code === "UNKNOWN") throw error; // The caller's own: nothing was committed.
      return { data: null, error: new ResilientDbError(failure), healing: [], attempts, durationMs };
    }
  }
}

/** Ends a transaction that is to be run again with a statement healed. */
class HealOutside extends Error {
  constructor(failure: DbFailure) {
    super(failure.message, { cause: failure.cause });
    this.name = "HealOutside";
  }
}

function land(deps: HealingDeps, scope: WriteScope, prepared: PreparedWrite, startedAt: number) {
  return landInScope(scope, prepared, {
    durationMs: deps.clock.monotonic() - startedAt,
    newId: () => deps.random.uuid(),
    ...requestOf(deps),
  });
}

function mayHeal(failure: DbFailure, prepared: PreparedWrite): boolean {
  const diagnosis = diagnose(failure, diagnosisContextOf(prepared, { snapshot: { tables: [], enums: [] } }));
  const { action } = policyFor(diagnosis);
  return action === "heal" || action === "refresh_and_retry";
}

/** Plans what the statement takes, now that the transaction's connection is free again. False: there is nothing to do. */
async function planAround(deps: HealingDeps, { prepared, failure }: Obstacle, plans: Map<string, WritePlan>) {
  const kernel = deps.kernel();
  if (kernel === undefined) return false;
  try {
    const schema = await kernel.schema.latest();
    const diagnosis = diagnose(failure, diagnosisContextOf(prepared, schema));
    deps.route.types.forget(prepared.table);
    if (policyFor(diagnosis).action !== "heal") return prepared.plan.schemaHash !== schema.hash;
    const plan = await replan(prepared.call, prepared.plan, diagnosis, schema, kernel.planning);
    if (plan === undefined) return false;
    if (prepareWrite(prepared.call, plan).rows.some(({ refusals }) => refusals.length > 0)) return false;
    plans.set(keyOf(prepared.call), plan);
    return true;
  } catch (error) {
    deps.onError(error);
    return false;
  }
}

/** Calls that are planned alike: the same statement on rows with the same keys. */
function keyOf({ operation, table, rows, match, conflictColumns, selection }: WriteCall): string {
  const { columns, match: selected, order } = selection ?? {};
  const shapes = rows.map((row) => Object.keys(row));
  const names = [match, selected].map((each) => Object.keys(each ?? {}));
  return JSON.stringify([operation, table, shapes, names, conflictColumns, columns, order]);
}

function failureOf(error: ResilientDbError): DbFailure {
  const inner = toDbFailure(error.cause);
  return { ...inner, code: error.code, message: error.message };
}

function statementsOf(
  scope: WriteScope,
  run: (call: WriteCall) => Promise<DbResult<Row[]>>,
  clock: HealingDeps["clock"],
): ResilientStatements {
  const { insert, upsert, update, remove, select } = statementCalls;
  const either = (call: WriteCall | string) =>
    typeof call === "string" ? Promise.resolve(refusedCall(call)) : run(call);
  return {
    insert: (table, rows) => either(insert(table, rows)),
    upsert: (table, rows, { onConflict }) => either(upsert(table, rows, onConflict)),
    update: (table: string, patch: Row, match: Match) => either(update(table, patch, match)),
    delete: (table: string, match: Match) => either(remove(table, match)),
    select: (table: string, selection?: Selection) => either(select(table, selection)),
    async rpc(fn, args = {}) {
      const startedAt = clock.monotonic();
      const outcome = await scope.connector.rpc(tableName(fn), args);
      const effort = { healing: [], attempts: 1, durationMs: clock.monotonic() - startedAt };
      if (outcome.failure !== undefined) return { data: null, error: new ResilientDbError(outcome.failure), ...effort };
      return { data: outcome.value ?? null, error: null, ...effort };
    },
  };
}
