import * as z from "zod";
import type { LedgerPlace as Place } from "../../_shared/healing/ledger/ledgerPage.ts";
import { pageDeadLetters } from "../../_shared/healing/ledger/pageDeadLetters.ts";
import { pageRescued } from "../../_shared/healing/ledger/pageRescued.ts";
import { cursorField, readCursor, writeCursor } from "../../_shared/http/pageCursor.ts";
import { callerName } from "./callerName.ts";
import { reason } from "./flags/flagSchemas.ts";
import type { OperatorContext } from "./operatorDb.ts";
import { LedgerPlace, moment, nextCursor, pageLimit, tableText } from "./opsSchemas.ts";
import { deadLetter, rescuedFields, shownLetter, shownRescue } from "./rescue/rescueSchemas.ts";

/** Values are whole payloads: fewer of them fit into an answer. */
const mostWithValues = 50;

/** The query of ops-rescue. */
export const ReadRescueInput = z.strictObject({
  /** `letters`: writes that were given up; `fields`: what of a row no column took. @default letters */
  view: z.enum(["letters", "fields"]).default("letters"),
  /** `open`: what has not found its place. @default open */
  state: z.enum(["open", "all"]).default("open"),
  table: tableText.optional(),
  since: moment.optional(),
  /** Values as well, which may be personal data: needs a `reason`, and who asked is logged. @default false */
  values: z.stringbool().default(false),
  /** Why values are looked at. */
  reason: reason.min(1).optional(),
  limit: pageLimit(200).default(50),
  /** Where the page before has left off: its `next`. */
  after: cursorField,
}).superRefine(({ values, reason, limit }, issues) => {
  const fail = (path: string, message: string) => issues.addIssue({ code: "custom", path: [path], message });
  if (values && reason === undefined) fail("reason", "Must say why values are looked at");
  if (values && limit > mostWithValues) fail("limit", `Must be at most ${mostWithValues} with values`);
});

/** The answer of ops-rescue. */
export const ReadRescueOutput = z.discriminatedUnion("view", [
  z.object({ view: z.literal("letters"), letters: z.array(deadLetter), next: nextCursor }),
  z.object({ view: z.literal("fields"), fields: z.array(rescuedFields), next: nextCursor }),
]);

/** Shows what healing keeps: which fields, of which rows, and their values to those who say why. */
export async function readRescue(
  { view, state, values, reason, table, since, limit, after }: z.output<typeof ReadRescueInput>,
  { admin, caller, log, requestId }: OperatorContext,
): Promise<z.input<typeof ReadRescueOutput>> {
  const place = after === undefined ? undefined : readCursor(view, LedgerPlace, after);
  const filter = { table, since, isOpen: state === "open", after: place, limit };
  // Told before they are read: an answer that was cut off may have been read as well.
  if (values) {
    log.warn("Kept values are read", { by: callerName(caller), view, table, reason, requestId });
  }
  const nextOf = (next: Place | undefined) => next === undefined ? null : writeCursor(view, next);
  if (view === "letters") {
    const { entries, next } = await pageDeadLetters(admin.sql, filter);
    return { view, letters: entries.map((entry) => shownLetter(entry, values)), next: nextOf(next) };
  }
  const { entries, next } = await pageRescued(admin.sql, filter);
  return { view, fields: entries.map((entry) => shownRescue(entry, values)), next: nextOf(next) };
}
