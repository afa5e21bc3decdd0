import * as z from "zod";

/** How many rows a call takes. */
export const mostRows = 5_000;
/** How many rows a report lists. */
export const mostListed = 500;

const header = z.string().min(1).max(100);

/** A catalog: CSV, or rows under the same headers. */
export const ImportCatalogInput = z.strictObject({
  /** Whose catalog it is; the caller is a member. */
  vendorId: z.guid(),
  /** With headers; `,`, `;` or a tab between fields. */
  csv: z.string().max(2_000_000).optional(),
  rows: z.array(z.record(header, z.unknown())).max(mostRows).optional(),
  /** Reports what would become of the rows, and changes nothing. @default false */
  dryRun: z.boolean().default(false),
}).refine(({ csv, rows }) => (csv === undefined) !== (rows === undefined), "Must have either csv or rows");

const status = z.enum(["created", "updated", "unchanged", "rejected", "healed"]);

/** What became of each row. */
export const ImportCatalogOutput = z.object({
  isDryRun: z.boolean(),
  totals: z.object({
    created: z.number(),
    updated: z.number(),
    unchanged: z.number(),
    /** Written, with fields that are no column's: those healing found a place for, or that are kept beside the product. */
    healed: z.number(),
    rejected: z.number(),
  }),
  /** What each header was taken for: null where no column is known by it. */
  headers: z.array(z.object({ header: z.string(), column: z.string().nullable() })),
  /** Every row of up to 500; of more, the first 500 that are healed or rejected. Rows are counted from 1. */
  rows: z.array(z.object({
    row: z.number(),
    sku: z.string().nullable(),
    status,
    error: z.object({ code: z.string(), field: z.string(), message: z.string() }).optional(),
  })),
});

/** What became of a row. */
export type RowReport = z.input<typeof ImportCatalogOutput>["rows"][number];
