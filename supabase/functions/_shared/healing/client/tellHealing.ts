import type { TableRef } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import { causeOfCode } from "../../telemetry/causeOf.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";
import type { HealDraft } from "../plan/healDraft.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { healsOf } from "../plan/writePlan.ts";
import { subjectOf } from "./statementShape.ts";

/** Whoever chooses a payload's keys chooses how many findings it takes. */
const mostEvents = 20;
const mostLetters = 100;

/** A statement that healing has seen to, and what came of it. */
export interface HealingStory {
  /** What it failed with at first. */
  readonly failure: DbFailure;
  /** How it was sent before. */
  readonly before: PreparedWrite;
  /** How it landed, or what it was given up as. */
  readonly after: PreparedWrite;
  readonly hasLanded: boolean;
  /** Had it landed before, under the same key? Then nothing was healed now. */
  readonly isReplay: boolean;
  readonly durationMs: number;
}

/** Is the failure one of the schema or of values, so that what follows is healing and not waiting? */
export function isHealable({ kind }: DbFailure): boolean {
  return kind === "drift" || kind === "data";
}

/** Tells what became of a statement that went the long way. */
export function tellHealing(hub: KernelHub, story: HealingStory): void {
  if (!hub.isWatched) return;
  const { failure, before, after, hasLanded, isReplay, durationMs } = story;
  const known = new Set(healsOf(before.plan).map(({ id }) => id));
  const found = hasLanded && !isReplay ? healsOf(after.plan).filter(({ id }) => !known.has(id)) : [];
  if (isHealable(failure) || found.length > 0) hub.called("heal", durationMs, !hasLanded);
  if (!hasLanded) {
    if (isHealable(failure)) hub.counted("heal.refused");
    return;
  }
  if (isReplay) return;
  tellFound(hub, found, { prepared: after, failure, durationMs });
  tellKnown(hub, after, known.size);
}

/** Tells what was found newly, and has landed. */
export function tellFound(
  hub: KernelHub,
  found: readonly HealDraft[],
  { prepared, failure, durationMs }: { prepared: PreparedWrite; failure: DbFailure | undefined; durationMs: number },
): void {
  if (!hub.isWatched || found.length === 0) return;
  const byModel = found.filter(({ strategy }) => strategy === "ai").length;
  if (byModel > 0) hub.counted("heal.ai", byModel);
  if (byModel < found.length) hub.counted("heal.deterministic", found.length - byModel);
  // What is found while nothing is written stands in no ledger yet.
  const isRecorded = prepared.call.rows.length > 0;
  for (const { id, diagnosis, strategy, from, to } of found.slice(0, mostEvents)) {
    hub.happened({
      kind: "heal",
      subject: subjectOf(prepared.plan.table),
      ...isRecorded ? { ref: `heal:${id}` } : {},
      ...failure === undefined ? {} : { cause: causeOfCode(failure.code) },
      costMs: durationMs,
      detail: {
        diagnosis,
        strategy,
        ...from === undefined ? {} : { from: from.slice(0, mostLetters) },
        ...to === undefined ? {} : { to: to.slice(0, mostLetters) },
      },
    });
  }
}

/** Tells what a statement that has landed took of what was known before, and what of it no column took. */
export function tellKnown(hub: KernelHub, prepared: PreparedWrite, compiled: number): void {
  if (!hub.isWatched) return;
  if (compiled > 0) hub.counted("heal.compiled", compiled);
  const fields = countRescued(prepared);
  if (fields === 0) return;
  hub.counted("rescue.fields", fields);
  hub.happened({ kind: "rescue", subject: subjectOf(prepared.plan.table), detail: { fields } });
}

/** Tells that a write is kept, to be sent again. */
export function tellDeadLetters(
  hub: KernelHub,
  table: TableRef,
  { letters, code, operation }: { letters: number; code: string; operation: string },
): void {
  if (!hub.isWatched || letters === 0) return;
  hub.counted("dead_letter", letters);
  const subject = subjectOf(table);
  hub.happened({ kind: "dead_letter", subject, cause: causeOfCode(code), detail: { operation, letters } });
}

function countRescued({ call, rows }: PreparedWrite): number {
  if (call.operation === "select" || call.operation === "delete") return 0;
  let fields = 0;
  for (const { payload, mapping } of rows) {
    for (const key of Object.keys(payload)) if (payload[key] !== undefined && !mapping.has(key)) fields++;
  }
  return fields;
}
