import * as z from "zod";
import type { FoundAlert } from "../../_shared/alerts/alertCondition.ts";
import { AlertThresholds } from "../../_shared/alerts/alertThresholds.ts";
import { evaluateConditions, settleConditions } from "../../_shared/alerts/evaluateConditions.ts";
import { deliverAlerts } from "../../_shared/alerts/outbox/deliverAlerts.ts";
import { postgresAlertOutbox } from "../../_shared/alerts/outbox/postgresAlertOutbox.ts";
import { postNotice } from "../../_shared/alerts/sinks/postNotice.ts";
import { errorCodeOf } from "../../_shared/jobs/errorCodeOf.ts";
import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import { errorText } from "../../_shared/errors/errorText.ts";
import type { DispatchPorts } from "./alerts/dispatchPorts.ts";

const count = z.number().int().nonnegative();

const Progress = z.object({
  raised: count,
  resolved: count,
  reminded: count,
  delivered: count,
  failed: count,
  /** Why the conditions could not be settled; what was raised before is delivered all the same. */
  problem: z.string().optional(),
});

/** Where a run stands: the conditions are settled, so much was delivered since. */
export type DispatchProgress = z.output<typeof Progress>;

/** What a run came to; a rehearsal tells the keys that would be raised. */
export type DispatchOutcome = DispatchProgress | {
  readonly found: readonly string[];
  readonly blind: readonly string[];
};

/** Reads a saved cursor; what is none begins anew, which costs a look at each condition. */
export function readDispatchProgress(saved: unknown): DispatchProgress | undefined {
  const parsed = Progress.safeParse(saved);
  return parsed.success ? parsed.data : undefined;
}

/** Notices wait for earlier ones of their alert, so a few rounds hand out all that are due. */
const mostRounds = 10;

/**
 * A piece of a minute's work: first the conditions, settled together with the cursor; then batches of deliveries until none is
 * due. A runner that dies repeats at most the batch that it was sending, under the same ids.
 */
export async function dispatchAlerts(
  chunk: JobChunk<DispatchProgress>,
  context: JobContext,
  ports: DispatchPorts,
): Promise<ChunkResult<DispatchProgress, DispatchOutcome>> {
  const { thresholds, problem: typo } = readThresholds(chunk.payload);
  const { progress, isDryRun } = chunk;
  if (isDryRun || progress === undefined) {
    return await settle(chunk, context, ports, thresholds, typo);
  }

  const outbox = postgresAlertOutbox(context.admin.sql);
  for (let round = 0; round < mostRounds; round++) if (await outbox.fanOut(ports.sinks) === 0) break;
  const { sinks, breakers, random } = ports;
  const giveUpSeconds = thresholds.giveUpDays * 86_400;
  const batch = await deliverAlerts({ outbox, sinks, breakers, random, signal: chunk.signal, giveUpSeconds });
  if (batch.delivered + batch.failed + batch.postponed > 0) {
    const { delivered, failed } = progress;
    const next = { ...progress, delivered: delivered + batch.delivered, failed: failed + batch.failed };
    return { isDone: false, progress: next };
  }
  const { problem } = progress;
  if (problem !== undefined) {
    throw Object.assign(new Error("Cannot call the run a success as the conditions could not be settled"), {
      code: problem,
    });
  }
  await tellWatchdog(ports.watchdog, chunk.signal, context);
  return { isDone: true, outcome: progress };
}

async function settle(
  chunk: JobChunk<DispatchProgress>,
  { admin, log }: JobContext,
  { conditions, sinks, aiProjectMicroUsd }: DispatchPorts,
  thresholds: AlertThresholds,
  typo: FoundAlert | undefined,
): Promise<ChunkResult<DispatchProgress, DispatchOutcome>> {
  const names = sinks.map(({ sink }) => sink.name);
  const looked = await evaluateConditions(conditions, admin.sql, { thresholds, aiProjectMicroUsd, sinks: names });
  const found = typo === undefined ? looked.found : [typo, ...looked.found];
  const { blind } = looked;
  if (chunk.isDryRun) {
    return { isDone: true, outcome: { found: found.map(({ key }) => key), blind: blind.map(({ name }) => name) } };
  }
  for (const { name, error } of blind) log.error("Condition cannot look", { condition: name, error: errorText(error) });
  for (const { sink, problem } of sinks) if (problem !== undefined) log.error(problem, { sink: sink.name });
  await postgresAlertOutbox(admin.sql).register(sinks);
  try {
    const progress = await admin.transaction(async (sql) => {
      const { raised, resolved } = await settleConditions(sql, { found, blind }, thresholds.quietMinutes * 60);
      const reminded = await postgresAlertOutbox(sql).remind(thresholds.reminderHours * 3600);
      const settled = { raised, resolved, reminded, delivered: 0, failed: 0 };
      await chunk.saveProgress(sql, settled);
      return settled;
    });
    return { isDone: false, progress };
  } catch (error) {
    chunk.signal.throwIfAborted();
    log.error("Conditions cannot be settled", { error: errorText(error) });
    const none = { raised: 0, resolved: 0, reminded: 0, delivered: 0, failed: 0 };
    return { isDone: false, progress: { ...none, problem: errorCodeOf(error) } };
  }
}

/** A slip of the pen in the schedule must not keep everybody from hearing of anything: the defaults count, and that is told. */
function readThresholds(payload: unknown): { thresholds: AlertThresholds; problem?: FoundAlert } {
  const parsed = AlertThresholds.safeParse(payload);
  if (parsed.success) return { thresholds: parsed.data };
  const wrong = parsed.error.issues.slice(0, 5).map(({ path, message }) =>
    `${path.join(".")}: ${message}`.slice(0, 200)
  );
  const title = "Alerts heed their defaults as the payload of their schedule makes no sense";
  return {
    thresholds: AlertThresholds.parse({}),
    problem: { key: "alerts_misconfigured:thresholds", severity: "warning", title, detail: { wrong } },
  };
}

/** Somebody outside waits for this, and raises the alarm that we cannot raise when it stays away. */
async function tellWatchdog(url: URL | undefined, signal: AbortSignal, { log }: JobContext): Promise<void> {
  if (url === undefined) return;
  try {
    await postNotice({ url, body: "{}", signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
  } catch (error) {
    log.warn("Watchdog cannot be told", { code: errorCodeOf(error) });
  }
}
