import * as z from "zod";

const cell = z.union([
  z.string().max(20_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(200)).max(100),
]);

/** What a vendor uploads. */
export const ImportInput = z.strictObject({
  vendorId: z.guid(),
  /** The file's text: commas, semicolons or tabs, the first line says what stands below. */
  csv: z.string().min(1).max(2_000_000).optional(),
  /** Or rows as they are. */
  rows: z.array(z.record(z.string().min(1).max(200), cell)).min(1).max(5_000).optional(),
  /** Tells what would be done, and changes nothing. */
  dryRun: z.boolean().default(false),
}).refine(({ csv, rows }) => (csv === undefined) !== (rows === undefined), { error: "Send either 'csv' or 'rows'" });

/** What a vendor uploads. */
export type ImportInput = z.output<typeof ImportInput>;

const status = z.enum(["created", "updated", "unchanged", "healed", "rejected"]);

/** What became of a row. */
export type ImportStatus = z.output<typeof status>;

/** The report. */
export const ImportOutput = z.object({
  isDryRun: z.boolean(),
  totals: z.record(status, z.number().int()),
  /** Which column each header was taken for; null: for none, and its values are kept aside. */
  headers: z.array(z.object({ header: z.string(), column: z.string().nullable() })),
  /** Row by row, in the file's order; of more than 500 rows only those that were rejected or healed, and of these the first 500. */
  rows: z.array(z.object({
    /** Counted from 1, the head not counted. */
    row: z.number().int(),
    sku: z.string().nullable(),
    status,
    error: z.object({ code: z.string(), field: z.string(), message: z.string() }).optional(),
  })),
});

/** The report. */
export type ImportOutput = z.output<typeof ImportOutput>;
