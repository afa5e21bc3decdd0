import * as z from "zod";
import type { CircuitRegistry } from "../../_shared/breaker/circuitRegistry.ts";
import { decorrelatedJitter } from "../../_shared/healing/retry/decorrelatedJitter.ts";
import type { JobContext } from "../../_shared/jobs/jobFactory.ts";
import type { ChunkResult, JobChunk } from "../../_shared/jobs/runLeasedJob.ts";
import type { Random } from "../../_shared/random/random.ts";
import { sleep } from "../../_shared/time/sleep.ts";
import { type EventSink, SinkError } from "./eventSink.ts";
import { mostEvents, refusesEverything, sendEvents } from "./sendEvents.ts";
import { postgresSinkStore } from "./sinkStore.ts";

const count = z.number().int().nonnegative();
const Progress = z.object({ sent: count, parked: count, retried: count });

/** What a run has sent so far, what was refused, and what was refused before and taken now. */
export type FlushProgress = z.output<typeof Progress>;

/** What a run came to. */
export type FlushOutcome = (FlushProgress & { readonly sink: string }) | {
  readonly sink: "none";
  readonly hint: string;
};

/** Reads a saved cursor: counts alone, the place is the sink's own. */
export function readFlushProgress(saved: unknown): FlushProgress | undefined {
  return Progress.safeParse(saved).data;
}

/** What flushing needs besides the database. */
export interface FlushPorts {
  readonly sink: EventSink | undefined;
  readonly breakers: Pick<CircuitRegistry, "getBreaker">;
  readonly random: Random;
}

/** Within a run; the next one is a minute away. */
const mostTries = 3;
const wait = { baseMs: 200, capMs: 2_000 };

/**
 * A piece of sending events on: those refused earlier whose time has come, then page by page what was stored since. A page
 * settles once it was sent, so whoever dies in between sends it again, under the same ids. While the sink is away the run
 * fails, the place stays, and nobody who shops notices.
 */
export async function flushEvents(
  chunk: JobChunk<FlushProgress>,
  { admin, clock }: Pick<JobContext, "admin" | "clock">,
  { sink, breakers, random }: FlushPorts,
): Promise<ChunkResult<FlushProgress, FlushOutcome>> {
  if (sink === undefined) {
    return { isDone: true, outcome: { sink: "none", hint: "Set BALLAST_BIGQUERY_TABLE and BALLAST_BIGQUERY_KEY" } };
  }
  const { target } = sink;
  const none = { sent: 0, parked: 0, retried: 0 };
  if (chunk.isDryRun) return { isDone: true, outcome: { sink: target, ...none } };
  const circuit = breakers.getBreaker(`event-sink.${target.split(":")[0]}`, {
    failureThreshold: 3,
    rollingWindowMs: 120_000,
    timeout: 30_000,
  });
  const send: EventSink["send"] = async (events, { signal }) => {
    let waitMs = wait.baseMs;
    for (let tries = 1;; tries++) {
      try {
        return await circuit.execute((call) => sink.send(events, { signal: call.signal }), undefined, { signal });
      } catch (error) {
        if (!(error instanceof SinkError && error.isPassing) || tries === mostTries) throw error;
        waitMs = decorrelatedJitter(waitMs, wait, random);
        await sleep(Math.min(Math.max(waitMs, error.retryAfterMs ?? 0), 5_000), { signal, clock });
      }
    }
  };
  const store = postgresSinkStore(admin.sql, target);
  if (chunk.progress === undefined) {
    const due = await store.due(mostEvents);
    if (due.length > 0) {
      // Those are known to be difficult: none of them must keep the others from being tried.
      const refused = await sendEvents(send, due, chunk.signal).catch((error) => {
        if (!(error instanceof SinkError && error.code === refusesEverything)) throw error;
        return due.map((event) => ({ event, reason: error.code }));
      });
      await store.settleDue(due, refused);
      return { isDone: false, progress: { ...none, retried: due.length - refused.length } };
    }
  }
  const progress = chunk.progress ?? none;
  const page = await store.next(mostEvents);
  if (page === undefined) return { isDone: true, outcome: { sink: target, ...progress } };
  const refused = await sendEvents(send, page.events, chunk.signal);
  const next = {
    ...progress,
    sent: progress.sent + page.events.length - refused.length,
    parked: progress.parked + refused.length,
  };
  await admin.transaction(async (sql) => {
    await store.settle(sql, page, refused);
    await chunk.saveProgress(sql, next);
  });
  // Under traffic there is always a little more: the next run has it.
  if (Object.keys(page.places).length < mostEvents) return { isDone: true, outcome: { sink: target, ...next } };
  return { isDone: false, progress: next };
}
