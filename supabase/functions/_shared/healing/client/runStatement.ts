import type { Row } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import { prepareWrite, renameBack } from "../plan/prepareWrite.ts";
import type { WriteCall } from "../plan/writeCall.ts";
import { healsOf, startingPlan, type WritePlan } from "../plan/writePlan.ts";
import { rememberHealedRows } from "../operator/healedRows.ts";
import type { HealDraft } from "../plan/healDraft.ts";
import { findMisread } from "./findMisread.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { type HealedWrite, type HealOptions, healWrite } from "./healWrite.ts";
import type { DbResult, Healing } from "./resilientDb.ts";
import { ResilientDbError } from "./resilientDbError.ts";
import { requestOf } from "./requestOf.ts";
import { sendPrepared } from "./sendPrepared.ts";
import { tellKnown } from "./tellHealing.ts";

/** Runs a statement by its plan, where there is one, and heals it where it fails. */
export async function runStatement(
  deps: HealingDeps,
  call: WriteCall,
  startedAt: number,
  options: HealOptions = {},
): Promise<DbResult<Row[]>> {
  return toResult(deps, await tryAndHeal(deps, call, options), startedAt);
}

/** As above, with all that came of it. */
export async function tryAndHeal(deps: HealingDeps, call: WriteCall, options: HealOptions = {}): Promise<HealedWrite> {
  const compiled = deps.plans.find(call);
  let plan = compiled?.plan ?? startingPlan(call);
  let isRecorded = compiled?.isRecorded ?? true;
  let prepared = prepareWrite(call, plan);
  if (prepared.rows.some(({ refusals }) => refusals.length > 0)) {
    // What is known of other rows does not fit this one: it is judged from the start.
    plan = startingPlan(call);
    isRecorded = true;
    prepared = prepareWrite(call, plan);
  }
  const records = {
    durationMs: 0,
    newId: () => deps.random.uuid(),
    ...requestOf(deps),
  };
  const misread = await findMisread(deps, prepared);
  if (misread !== undefined) return await healWrite(deps, { prepared, failure: misread, isRecorded }, options);
  const outcome = await (options.send ?? sendPrepared)(deps, prepared, { ...options, isRecorded, records });
  if (outcome.failure !== undefined) {
    return await healWrite(deps, { prepared, failure: outcome.failure, isRecorded }, options);
  }
  if (!isRecorded && outcome.value.isRecorded) deps.plans.keep(call, plan, { isRecorded: true });
  const { isReplay } = outcome.value;
  if (!isReplay && compiled !== undefined && deps.hub.isWatched) tellKnown(deps.hub, prepared, healsOf(plan).length);
  const rows = renameBack(outcome.value.rows, prepared);
  return { prepared, rows, deadLetterIds: [], refusedPlaces: [], attempts: 1, isReplay };
}

/** Heals a statement that was sent as it is and has failed. */
export async function healPlain(
  deps: HealingDeps,
  call: WriteCall,
  failure: DbFailure,
  startedAt: number,
  options: HealOptions = {},
): Promise<DbResult<Row[]>> {
  const prepared = prepareWrite(call, startingPlan(call));
  return toResult(deps, await healWrite(deps, { prepared, failure, isRecorded: true }, options), startedAt);
}

/** What the caller is told of a write. */
export function toResult(deps: HealingDeps, healed: HealedWrite, startedAt: number): DbResult<Row[]> {
  const durationMs = deps.clock.monotonic() - startedAt;
  const { attempts, prepared, rows, failure, diagnosis, deadLetterIds, isReplay } = healed;
  if (failure !== undefined) {
    const parts = { deadLetterIds, ...(diagnosis === undefined ? {} : { diagnosis }) };
    return { data: null, error: new ResilientDbError(failure, parts), healing: [], attempts, durationMs };
  }
  return success(rows!, { ...(isReplay ? {} : { plan: prepared.plan }), attempts, durationMs });
}

const noHealing: readonly Healing[] = [];

/** A call that has succeeded. */
export function success<Data>(
  data: Data,
  { plan, attempts, durationMs }: { plan?: WritePlan; attempts: number; durationMs: number },
): DbResult<Data> {
  const drafts = plan === undefined ? [] : healsOf(plan);
  if (drafts.length > 0) rememberHealedRows(data, plan!.table);
  const healing = drafts.length === 0 ? noHealing : drafts.map((draft) => toHealing(draft, plan!));
  return { data, error: null, healing, attempts, durationMs };
}

function toHealing(draft: HealDraft, { table }: WritePlan): Healing {
  const { id, diagnosis, from, to, strategy, evidence, confidence } = draft;
  return {
    id,
    diagnosis,
    table: `${table.schema}.${table.name}`,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    strategy,
    evidence,
    confidence,
  };
}
