import * as z from "zod";
import type { PagedLetter } from "../../../_shared/healing/ledger/pageDeadLetters.ts";
import type { PagedRescue } from "../../../_shared/healing/ledger/pageRescued.ts";
import { readJsonMembers } from "../../../_shared/healing/ledger/readJsonMembers.ts";
import { isoOf, tableRef } from "../opsSchemas.ts";

const writer = z.object({ role: z.string(), sub: z.string().nullable() });

/** Fields of one row of payload that were set aside. */
export const rescuedFields = z.object({
  id: z.string(),
  rescuedAt: z.iso.datetime(),
  table: tableRef,
  /** Values of the key as text; `null` where the table has no primary key, so that it would be the whole row. */
  rowKey: z.record(z.string(), z.unknown()).nullable(),
  /** Names of the fields that no column has taken yet. */
  openKeys: z.array(z.string()),
  moved: z.array(z.object({ key: z.string(), column: z.string(), at: z.string() })),
  healId: z.string().nullable(),
  writer,
  /** `null`: it is not known that the row was written. */
  landedAt: z.iso.datetime().nullable(),
  settledAt: z.iso.datetime().nullable(),
  /** The fields as they were sent, as JSON text; only where values are asked for. */
  values: z.string().optional(),
});

/** A write that was given up. */
export const deadLetter = z.object({
  id: z.string(),
  diedAt: z.iso.datetime(),
  requestId: z.string().nullable(),
  table: tableRef,
  operation: z.enum(["insert", "upsert", "update", "delete", "rpc"]),
  /** Names of the payload's fields. */
  keys: z.array(z.string()),
  /** The code it failed with, lately; names of what was at fault, and no values. */
  errorCode: z.string(),
  column: z.string().nullable(),
  constraint: z.string().nullable(),
  attempts: z.number(),
  /** How often the job has sent it again. */
  replays: z.number(),
  triedAt: z.iso.datetime().nullable(),
  /** `null`: time alone is no reason to try again any more. */
  nextTryAt: z.iso.datetime().nullable(),
  writer,
  settled: z.object({
    outcome: z.enum(["landed", "discarded"]),
    at: z.iso.datetime(),
    by: z.string().nullable(),
    reason: z.string().nullable(),
  }).nullable(),
  /** The payload, and what else the write was told, as JSON text; only where values are asked for. */
  values: z.object({ payload: z.string(), arguments: z.string() }).optional(),
});

const textOf = (value: unknown) => typeof value === "string" ? value : null;

/** A rescue; its values only where they are asked for. */
export function shownRescue({ rescue, hasPrimaryKey }: PagedRescue, withValues: boolean): z.input<
  typeof rescuedFields
> {
  const { id, rescuedAt, table, rowKey, openKeys, replays, healingId = null, writer, landedAt, replayedAt } = rescue;
  return {
    id,
    rescuedAt: rescuedAt.toISOString(),
    table: { schema: table.schema, name: table.name },
    rowKey: rowKey !== undefined && (hasPrimaryKey || withValues) ? { ...rowKey } : null,
    openKeys: [...openKeys],
    moved: replays.map(({ key, column, at }) => ({ key, column, at })),
    healId: healingId,
    writer: { role: writer.role, sub: textOf(writer.claims["sub"]) },
    landedAt: isoOf(landedAt),
    settledAt: isoOf(replayedAt),
    ...(withValues ? { values: rescue.rescuedText } : {}),
  };
}

/** A letter; its values only where they are asked for. */
export function shownLetter(paged: PagedLetter, withValues: boolean): z.input<typeof deadLetter> {
  const { letter, replays, triedAt, nextTryAt, settleReason } = paged;
  const { id, diedAt, requestId = null, table, operation, errorCode, errorFields, attempts, writer, settled } = letter;
  return {
    id,
    diedAt: diedAt.toISOString(),
    requestId,
    table: { schema: table.schema, name: table.name },
    operation,
    keys: keysOf(letter.payload),
    errorCode,
    column: textOf(errorFields["column"]),
    constraint: textOf(errorFields["constraint"]),
    attempts,
    replays,
    triedAt: isoOf(triedAt),
    nextTryAt: isoOf(nextTryAt),
    writer: { role: writer.role, sub: textOf(writer.claims["sub"]) },
    settled: settled === undefined
      ? null
      : { outcome: settled.outcome, at: settled.at.toISOString(), by: settled.by, reason: settleReason },
    ...(withValues ? { values: { payload: letter.payload, arguments: letter.argumentsText } } : {}),
  };
}

/** A payload is an object, but for a function's that took none. */
function keysOf(payload: string): string[] {
  return payload.trimStart().startsWith("{") ? readJsonMembers(payload).map(([key]) => key) : [];
}
