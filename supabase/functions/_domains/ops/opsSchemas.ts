import * as z from "zod";
import { text } from "./flags/flagSchemas.ts";

/** An id of the ledger. */
export const ledgerId = z.guid();

/** `table` or `schema.table`; each name has 63 bytes, and quotes. */
export const tableText = text(260).min(1);

/** A moment in a query, with its offset. */
export const moment = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

/** Entries of a page. */
export const pageLimit = (most: number) => z.coerce.number().int().min(1).max(most);

/** Where a page of the ledger has left off. */
export const LedgerPlace = z.strictObject({
  at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  id: ledgerId,
});

/** A table as the ledger names it. */
export const tableRef = z.object({ schema: z.string(), name: z.string() });

/** The next page's cursor; `null` on the last page. */
export const nextCursor = z.string().nullable();

/** A moment in an answer, where there is one. */
export const isoOf = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;
