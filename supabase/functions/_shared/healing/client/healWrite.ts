import type { Row } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import { diagnose } from "../diagnosis/diagnose.ts";
import type { Diagnosis, DiagnosisKind } from "../diagnosis/diagnosis.ts";
import { type HealingAction, policyFor } from "../diagnosis/policyFor.ts";
import { type PreparedWrite, prepareWrite, renameBack } from "../plan/prepareWrite.ts";
import { diagnosisContextOf, replan } from "../plan/replan.ts";
import { healsOf } from "../plan/writePlan.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { type GivenUp, keepDeadLetters } from "./keepDeadLetters.ts";
import { requestOf } from "./requestOf.ts";
import { RetryWait } from "./retryWait.ts";
import { type Send, type SendOptions, sendPrepared } from "./sendPrepared.ts";
import { subjectOf } from "./statementShape.ts";
import { tellHealing } from "./tellHealing.ts";

/** A statement whose first try has failed. */
export interface FailedWrite {
  readonly prepared: PreparedWrite;
  readonly failure: DbFailure;
  readonly isRecorded: boolean;
}

/** How far healing may go. */
export interface HealOptions {
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
  /** @default true */
  readonly deadLetter?: boolean;
  /** @default sendPrepared */
  readonly send?: Send;
}

/** What came of healing: exactly one of `rows` and `failure` is there. */
export interface HealedWrite {
  readonly prepared: PreparedWrite;
  readonly rows?: Row[];
  readonly failure?: DbFailure;
  readonly diagnosis?: DiagnosisKind;
  readonly deadLetterIds: readonly string[];
  /** The rows, by their place, with values that cannot be made to fit. */
  readonly refusedPlaces: readonly number[];
  readonly attempts: number;
  readonly isReplay: boolean;
}

/** However the diagnoses change from try to try: a schema that never rests is not waited for. */
const mostRounds = 16;

/** Does about a failed statement whatever may be done about it, until it lands or is given up. */
export async function healWrite(deps: HealingDeps, failed: FailedWrite, options: HealOptions): Promise<HealedWrite> {
  const { clock, hub } = deps;
  const startedAt = clock.monotonic();
  const healed = await tryUntilLanded(deps, failed, options);
  tellHealing(hub, {
    failure: failed.failure,
    before: failed.prepared,
    after: healed.prepared,
    hasLanded: healed.failure === undefined,
    isReplay: healed.isReplay,
    durationMs: clock.monotonic() - startedAt,
  });
  return healed;
}

async function tryUntilLanded(deps: HealingDeps, failed: FailedWrite, options: HealOptions): Promise<HealedWrite> {
  const startedAt = deps.clock.monotonic();
  const tries = new Map<DiagnosisKind, number>();
  const wait = new RetryWait(deps, options, subjectOf(failed.prepared.table));
  let { prepared, failure, isRecorded } = failed;
  let schema: KnownSchema | undefined;
  let diagnosis: Diagnosis | undefined;
  let attempts = 1;

  async function giveUp(action: HealingAction, findings: readonly unknown[] = []): Promise<HealedWrite> {
    const given: GivenUp = {
      call: prepared.call,
      failure,
      attempts,
      ...(schema === undefined ? {} : { schemaHash: schema.hash }),
      ...(prepared.plan.snapshot === undefined ? {} : { table: prepared.plan.snapshot }),
      ...(findings.length === 0 ? {} : { findings }),
    };
    const refusedPlaces = [...prepared.rows.keys()].filter((place) => prepared.rows[place]!.refusals.length > 0);
    const mayKeep = action === "dead_letter" && options.deadLetter !== false;
    const deadLetterIds = mayKeep ? await keepDeadLetters(deps, given) : [];
    return { prepared, failure, ...said(diagnosis), deadLetterIds, refusedPlaces, attempts, isReplay: false };
  }

  for (let round = 1; round <= mostRounds; round++) {
    const seen = schema;
    schema = await readSchema(deps, failure, schema);
    // What was tried then says nothing of now, though the schema may be what it was before it was another one.
    if (seen !== undefined && seen.version !== schema?.version) tries.clear();
    diagnosis = diagnose(failure, diagnosisContextOf(prepared, schema ?? nothingKnown));
    const tried = (tries.get(diagnosis.kind) ?? 1) + 1;
    tries.set(diagnosis.kind, tried);
    const policy = policyFor(diagnosis);
    const maxTries = policy.action === "refresh_and_retry" ? refreshTries(deps, policy.maxTries) : policy.maxTries;
    let action = tried > maxTries && policy.action !== "heal" ? policy.otherwise : policy.action;
    if (action === "settle") action = mayRunAgain(failure, prepared, options) ? policy.otherwise : "refuse";
    switch (action) {
      case "heal": {
        const kernel = deps.kernel();
        if (kernel === undefined || schema === undefined) return await giveUp(policy.otherwise);
        const isStale = schema.hash !== prepared.plan.schemaHash && prepared.plan.schemaHash !== "";
        const plan = await replan(prepared.call, prepared.plan, diagnosis, schema, kernel.planning);
        if (plan === undefined && !isStale) return await giveUp(policy.otherwise);
        if (plan !== undefined) {
          prepared = prepareWrite(prepared.call, plan);
          isRecorded = false;
          const refusals = prepared.rows.flatMap((row) => row.refusals);
          if (refusals.length > 0) return await giveUp(policy.otherwise, refusals);
          if (prepared.rows.some(isNothingLeft)) return await giveUp(policy.otherwise);
        } else prepared = { ...prepared, plan: { ...prepared.plan, schemaHash: schema.hash } };
        break;
      }
      case "refresh_and_retry":
        await refresh(deps, prepared);
        if (deps.route.connector.kind === "postgrest" && !await wait.next(failure.code)) return await giveUp("refuse");
        break;
      case "retry_transaction":
      case "delay_and_retry":
        if (!await wait.next(failure.code)) return await giveUp(policy.otherwise);
        break;
      default:
        return await giveUp(isOwnFault(diagnosis, prepared) ? "dead_letter" : action);
    }
    attempts++;
    const records = {
      durationMs: deps.clock.monotonic() - startedAt,
      newId: () => deps.random.uuid(),
      ...requestOf(deps),
    };
    const how: SendOptions = {
      isRecorded,
      records,
      ...(options.idempotencyKey === undefined ? {} : { idempotencyKey: options.idempotencyKey }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    };
    const outcome = await (options.send ?? sendPrepared)(deps, prepared, how);
    if (outcome.failure === undefined) {
      if (!outcome.value.isReplay) learn(deps, prepared, outcome.value.isRecorded);
      const rows = renameBack(outcome.value.rows, prepared);
      const { isReplay } = outcome.value;
      return { prepared, rows, ...said(diagnosis), deadLetterIds: [], refusedPlaces: [], attempts, isReplay };
    }
    failure = outcome.failure;
  }
  return await giveUp("dead_letter");
}

const nothingKnown: Pick<KnownSchema, "snapshot"> = { snapshot: { tables: [], enums: [] } };

const said = (diagnosis: Diagnosis | undefined) => diagnosis === undefined ? {} : { diagnosis: diagnosis.kind };

/** Would the row be one of defaults alone? Such a payload was meant for another table. */
function isNothingLeft({ payload, sent }: PreparedWrite["rows"][number]): boolean {
  return Object.keys(sent).length === 0 && Object.values(payload).some((value) => value !== undefined);
}

/** Is it healing that has made of the call what cannot be sent? Then it is not the caller's to mend. */
function isOwnFault({ kind }: Diagnosis, { plan }: PreparedWrite): boolean {
  return kind === "invalid_call" && healsOf(plan).length > 0;
}

/** The connectors' own codes, of what was never sent. */
const refusedUnsent: readonly string[] = ["42602", "INVALID_CALL"];

/** Only what the schema can be at fault for is worth reading it. */
async function readSchema(deps: HealingDeps, { kind, code }: DbFailure, known: KnownSchema | undefined) {
  if (!["drift", "data", "order", "conflict", "pooler"].includes(kind) && !refusedUnsent.includes(code)) {
    return known;
  }
  try {
    return await deps.kernel()?.schema.latest() ?? known;
  } catch (error) {
    deps.onError(error);
    return known;
  }
}

/** A statement whose outcome nobody knows may have landed: only under a key it may run again. */
function mayRunAgain({ isOutcomeUnknown }: DbFailure, { call }: PreparedWrite, { idempotencyKey }: HealOptions) {
  return isOutcomeUnknown && (idempotencyKey !== undefined || call.operation === "select");
}

/** PostgREST reads its cache anew in its own time, and nobody says when it has. */
function refreshTries({ route: { connector } }: HealingDeps, maxTries: number): number {
  return connector.kind === "postgrest" ? maxTries + 8 : maxTries;
}

/** Drops what may be out of date on the way to the database. */
async function refresh({ route, kernel, onError }: HealingDeps, { table }: PreparedWrite): Promise<void> {
  route.types.forget(table);
  if (route.connector.kind !== "postgrest") return;
  const database = kernel()?.database;
  if (database === undefined) return;
  try {
    await database.sql`select pg_catalog.pg_notify('pgrst', 'reload schema')`;
  } catch (error) {
    onError(error);
  }
}

/** What has landed is applied at once the next time, and told to those who learn from it. */
function learn(deps: HealingDeps, { call, plan }: PreparedWrite, isRecorded: boolean): void {
  const heals = healsOf(plan);
  if (heals.length === 0) return;
  deps.plans.keep(call, plan, { isRecorded });
  const { snapshot, schemaHash } = plan;
  if (snapshot === undefined) return;
  deps.learner.note(heals.map((heal) => ({ heal, table: snapshot, schemaHash, hasLanded: true })));
}
