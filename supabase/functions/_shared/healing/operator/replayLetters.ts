import type { DbFailure } from "../../connect/dbFailure.ts";
import type { Match, Outcome, Row } from "../../connect/connector.ts";
import { toDbFailure } from "../../connect/toDbFailure.ts";
import type { HealingDeps, HealingKernel } from "../client/healingDeps.ts";
import { requestOf } from "../client/requestOf.ts";
import type { ReplayReport } from "../client/operatorReports.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import { policyFor } from "../diagnosis/policyFor.ts";
import { LandingFailure, landInScope } from "../landing/landInTransaction.ts";
import { openScope } from "../landing/route.ts";
import { assumeWriter, UnknownWriterError } from "../ledger/assumeWriter.ts";
import type { DeadLetter } from "../ledger/deadLetter.ts";
import { parseExactJson } from "../ledger/parseExactJson.ts";
import { postgresHealingLedger } from "../ledger/postgresHealingLedger.ts";
import { type PreparedWrite, prepareWrite } from "../plan/prepareWrite.ts";
import { diagnosisContextOf, replan } from "../plan/replan.ts";
import type { WriteCall } from "../plan/writeCall.ts";
import { healsOf, startingPlan, type WritePlan } from "../plan/writePlan.ts";
import { runTransaction } from "../transaction/runTransaction.ts";
import type { ReplayScope } from "./replayScope.ts";

/** Letters a call sends at most, the oldest first. */
const mostLetters = 1_000;
const mostRounds = 8;

/** What became of dead letters. */
export type LetterReport = Pick<ReplayReport, "landed" | "stillDead">;

/** Sends open letters again, each in a transaction of its own that settles it as well: it lands exactly once. */
export async function replayLetters(
  deps: HealingDeps,
  kernel: HealingKernel,
  { ids, table, since }: ReplayScope,
): Promise<LetterReport> {
  const letters = await kernel.ledger.takeDeadLetters({
    ...(ids === undefined ? {} : { ids }),
    ...(table === undefined ? {} : { table }),
    ...(since === undefined ? {} : { since }),
    limit: mostLetters,
  });
  const landed: string[] = [];
  const stillDead: { id: string; code: string }[] = [];
  for (const letter of letters) {
    const failure = await replayLetter(deps, kernel, letter);
    if (failure === undefined) landed.push(letter.id);
    else if (failure !== "taken") {
      const { kind, column, constraint, dataType, code } = failure;
      await kernel.ledger.markTried(letter.id, code, { kind, column, constraint, dataType });
      stillDead.push({ id: letter.id, code });
    }
  }
  return { landed, stillDead };
}

/** Undefined once it has landed; `taken` where somebody else has it. */
async function replayLetter(deps: HealingDeps, kernel: HealingKernel, letter: DeadLetter) {
  const call = callOf(letter);
  let prepared = call && firstTry(deps, call);
  for (let round = 1;; round++) {
    const outcome = await send(deps, kernel, letter, prepared);
    if (outcome.failure === undefined) {
      if (outcome.value === "taken") return "taken";
      if (prepared !== undefined) learn(deps, prepared);
      return undefined;
    }
    const next = prepared === undefined || round === mostRounds
      ? undefined
      : await planAround(deps, kernel, prepared, outcome.failure);
    if (next === undefined) return outcome.failure;
    prepared = next;
  }
}

/** The statement of a letter; undefined where it called a function. */
function callOf({ operation, table: { schema, name }, payload, argumentsText }: DeadLetter): WriteCall | undefined {
  if (operation === "rpc") return undefined;
  const { match, onConflict } = parseExactJson(argumentsText) as { match?: Match; onConflict?: string[] };
  return {
    operation,
    table: { schema, name },
    rows: operation === "delete" ? [] : [parseExactJson(payload) as Row],
    ...(match === undefined ? {} : { match }),
    ...(onConflict === undefined ? {} : { conflictColumns: onConflict }),
  };
}

/** By the plan that others were sent by, unless that does not fit this one. */
function firstTry({ plans }: HealingDeps, call: WriteCall): PreparedWrite {
  const plan = plans.find(call)?.plan;
  const prepared = plan && prepareWrite(call, plan);
  return prepared === undefined || isUnfit(prepared) ? prepareWrite(call, startingPlan(call)) : prepared;
}

function isUnfit({ rows }: PreparedWrite): boolean {
  return rows.some(({ refusals, payload, sent }) =>
    refusals.length > 0 || (Object.keys(sent).length === 0 && Object.keys(payload).length > 0)
  );
}

/** One try: taking the letter, landing it with its records under its writer's rights, and settling it are one transaction. */
async function send(
  deps: HealingDeps,
  kernel: HealingKernel,
  letter: DeadLetter,
  prepared: PreparedWrite | undefined,
): Promise<Outcome<"landed" | "taken">> {
  const { clock, random, hub, knobs } = deps;
  const startedAt = clock.monotonic();
  try {
    const { result } = await runTransaction(kernel.database, async (sql) => {
      const ledger = postgresHealingLedger(sql);
      const [taken] = await ledger.takeDeadLetters({ ids: [letter.id] });
      if (taken === undefined) return "taken" as const;
      await assumeWriter(sql, letter.writer, async () => {
        const scope = openScope(sql, deps.route);
        const outcome = prepared === undefined
          ? await scope.connector.rpc(letter.table, parseExactJson(letter.payload) as Row)
          : await landInScope(scope, prepared, {
            durationMs: clock.monotonic() - startedAt,
            newId: () => random.uuid(),
            ...requestOf(deps),
          });
        if (outcome.failure !== undefined) throw new LandingFailure(outcome.failure);
      });
      await ledger.settle(letter.id, "landed", "replay");
      return "landed" as const;
    }, {
      clock,
      random,
      hub,
      knobs,
      subject: "replay",
      ...(deps.deadline === undefined ? {} : { deadline: deps.deadline }),
    });
    return { value: result };
  } catch (error) {
    if (error instanceof LandingFailure) return { failure: error.failure };
    if (error instanceof UnknownWriterError) return { failure: { ...toDbFailure(error), code: error.code } };
    return { failure: toDbFailure(error) };
  }
}

/** What another try would send; undefined where there is nothing to do about the failure. */
async function planAround(
  { route: { types } }: HealingDeps,
  kernel: HealingKernel,
  { call, plan, table, ...others }: PreparedWrite,
  failure: DbFailure,
): Promise<PreparedWrite | undefined> {
  const schema = await kernel.schema.latest();
  const diagnosis = diagnose(failure, diagnosisContextOf({ call, plan, table, ...others }, schema));
  types.forget(table);
  if (policyFor(diagnosis).action !== "heal") return undefined;
  const next: WritePlan | undefined = await replan(call, plan, diagnosis, schema, kernel.planning);
  const prepared = next && prepareWrite(call, next);
  return prepared === undefined || isUnfit(prepared) ? undefined : prepared;
}

function learn({ plans, learner }: HealingDeps, { call, plan }: PreparedWrite): void {
  const heals = healsOf(plan);
  const { snapshot: table, schemaHash } = plan;
  if (heals.length === 0 || table === undefined) return;
  plans.keep(call, plan, { isRecorded: true });
  learner.note(heals.map((heal) => ({ heal, table, schemaHash, hasLanded: true })));
}
