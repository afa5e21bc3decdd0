import * as z from "zod";
import type { Heal } from "../../../_shared/healing/ledger/heal.ts";
import type { HealingPattern } from "../../../_shared/healing/patterns/healingPattern.ts";
import { tableRef } from "../opsSchemas.ts";

/** The states of a pattern. */
export const patternState = z.enum(["probation", "active", "demoted", "rejected", "expired", "approved"]);

const undone = z.object({ at: z.iso.datetime(), by: z.string(), reason: z.string().nullable() }).nullable();

/** A heal as lists show it. */
export const healEvent = z.object({
  id: z.string(),
  healedAt: z.iso.datetime(),
  requestId: z.string().nullable(),
  table: tableRef,
  /** What was the matter, such as `unknown_column`. */
  diagnosis: z.string(),
  /** What was sent, and what it was taken for; `null`: it was set aside. */
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Which evidence decided. */
  strategy: z.string(),
  confidence: z.number(),
  patternId: z.string().nullable(),
  durationMs: z.number(),
  /** Under whose rights it was written. */
  writerRole: z.string(),
  undone,
});

/** A learned mapping. */
export const healingPattern = z.object({
  id: z.string(),
  table: tableRef,
  key: z.string(),
  column: z.string(),
  strategy: z.string(),
  coercion: z.string().nullable(),
  state: patternState,
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
  successes: z.number(),
  failures: z.number(),
  version: z.number(),
});

/** A heal, for a list. */
export function shownHeal(heal: Heal): z.input<typeof healEvent> {
  const { id, healedAt, requestId = null, table, diagnosis, from = null, to = null, strategy, confidence } = heal;
  const { patternId = null, durationMs, writer, undone } = heal;
  return {
    id,
    healedAt: healedAt.toISOString(),
    requestId,
    table: { schema: table.schema, name: table.name },
    diagnosis,
    from,
    to,
    strategy,
    confidence,
    patternId,
    durationMs,
    writerRole: writer.role,
    undone: undone === undefined ? null : { at: undone.at.toISOString(), by: undone.by, reason: undone.reason ?? null },
  };
}

/** A pattern, for a list. */
export function shownPattern(pattern: HealingPattern): z.input<typeof healingPattern> {
  const { id, tableSchema, tableName, key, targetColumn, strategy, coercion, state, outcomes, version } = pattern;
  return {
    id,
    table: { schema: tableSchema, name: tableName },
    key,
    column: targetColumn,
    strategy,
    coercion,
    state: state.kind,
    decidedBy: "decidedBy" in state ? state.decidedBy : null,
    reason: "reason" in state ? state.reason ?? null : null,
    successes: outcomes.successes,
    failures: outcomes.failures,
    version,
  };
}
