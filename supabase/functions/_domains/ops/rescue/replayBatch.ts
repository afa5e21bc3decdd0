import * as z from "zod";
import { replayKept } from "../../../_shared/healing/operator/replayKept.ts";
import { nextLetters, nextRescues, type ReplayQueueFilter } from "../../../_shared/healing/ledger/replayQueue.ts";
import { cursorField, readCursor, writeCursor } from "../../../_shared/http/pageCursor.ts";
import { type OperatorContext, withOperatorDb } from "../operatorDb.ts";
import { ledgerId, LedgerPlace, moment, nextCursor, tableText } from "../opsSchemas.ts";
import { settleOperatorCall } from "../settleOperatorCall.ts";

/** Sent between two looks at the clock: 10 letters take some 100 ms. */
const groupSize = 10;

/** What to send again. */
export const ReplayBatchInput = z.strictObject({
  action: z.literal("replay"),
  /** Of letters or of records of fields. @default all */
  ids: z.array(ledgerId).min(1).max(1_000).optional(),
  table: tableText.optional(),
  since: moment.optional(),
  /** Letters and records that this call tries at most. */
  limit: z.int().min(1).max(1_000).default(100),
  /** Say what would be tried, and change nothing. */
  dryRun: z.boolean().default(false),
  /** Where the call before has left off: its `next`. */
  after: cursorField,
});

/** What came of it, as far as this call has got. */
export const ReplayBatchOutput = z.object({
  action: z.literal("replay"),
  isDryRun: z.boolean(),
  /** How many were tried, or would be. */
  tried: z.number(),
  /** Letters that stand in their table by now. */
  landed: z.array(z.string()),
  /** Letters that failed again, with the code. */
  stillDead: z.array(z.object({ id: z.string(), code: z.string() })),
  /** Fields that stand in their column by now. */
  moved: z.array(z.object({ id: z.string(), key: z.string(), column: z.string() })),
  /** Fields whose column is certain and could not take them, with the reason. */
  kept: z.array(z.object({ id: z.string(), key: z.string(), reason: z.string() })),
  /** A dry run's: what would be tried. */
  wouldTry: z.array(z.object({ id: z.string(), kind: z.enum(["letter", "fields"]), table: z.string() })),
  /** There may be more: ask again with it as `after`. */
  next: nextCursor,
});

const Place = z.discriminatedUnion("of", [
  z.strictObject({ of: z.literal("letters"), behind: LedgerPlace.optional() }),
  z.strictObject({
    of: z.literal("fields"),
    behind: z.strictObject({ oid: z.string().regex(/^\d{1,10}$/), id: ledgerId }).optional(),
  }),
]);
type Place = z.output<typeof Place>;

const list = "replay";

/**
 * Sends letters again, the oldest first, and then moves fields, for as long as the request's time reaches. Each letter and
 * each field lands exactly once, however many do this at once, and wherever one of them is cut off.
 */
export async function replayBatch(
  { ids, table, since, limit, dryRun, after }: z.output<typeof ReplayBatchInput>,
  ctx: OperatorContext,
): Promise<z.input<typeof ReplayBatchOutput>> {
  const { admin, deadline } = ctx;
  const filter = { ids, table, since };
  const report = {
    action: list as "replay",
    isDryRun: dryRun,
    tried: 0,
    landed: [] as string[],
    stillDead: [] as { id: string; code: string }[],
    moved: [] as { id: string; key: string; column: string }[],
    kept: [] as { id: string; key: string; reason: string }[],
    wouldTry: [] as { id: string; kind: "letter" | "fields"; table: string }[],
  };
  let place: Place | undefined = after === undefined ? { of: "letters" } : readCursor(list, Place, after);
  await withOperatorDb(ctx, async (db) => {
    while (place !== undefined && report.tried < limit && !deadline.shouldYield()) {
      const group = await nextGroup(admin.sql, filter, place, Math.min(groupSize, limit - report.tried));
      place = group.next;
      report.tried += group.tried.length;
      if (dryRun) report.wouldTry.push(...group.tried);
      if (dryRun || group.tried.length === 0) continue;
      const done = settleOperatorCall(
        await db.call((kernel, deps) => replayKept(deps, kernel, { ids: group.tried.map(({ id }) => id) })),
      );
      report.landed.push(...done.landed);
      report.stillDead.push(...done.stillDead);
      report.moved.push(...done.moved);
      report.kept.push(...done.kept);
    }
  });
  return { ...report, next: place === undefined ? null : writeCursor(list, place) };
}

async function nextGroup(
  sql: OperatorContext["admin"]["sql"],
  filter: ReplayQueueFilter,
  place: Place,
  size: number,
): Promise<{ tried: { id: string; kind: "letter" | "fields"; table: string }[]; next: Place | undefined }> {
  if (place.of === "letters") {
    const letters = await nextLetters(sql, filter, place.behind, size);
    const tried = letters.map(({ id, table }) => ({ id, kind: "letter" as const, table }));
    const last = letters.at(-1);
    const isLast = last === undefined || letters.length < size;
    return { tried, next: isLast ? { of: "fields" } : { of: "letters", behind: { at: last.at, id: last.id } } };
  }
  const records = await nextRescues(sql, filter, place.behind, size);
  const tried = records.map(({ id, table }) => ({ id, kind: "fields" as const, table }));
  const last = records.at(-1);
  const isLast = last === undefined || records.length < size;
  return { tried, next: isLast ? undefined : { of: "fields", behind: { oid: last.oid, id: last.id } } };
}
