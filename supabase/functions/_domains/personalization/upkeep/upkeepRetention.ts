import * as z from "zod";

/** How long things are kept; the `payload` of the schedule may say otherwise. */
export const UpkeepRetention = z.object({
  /** Events, by whole months. @default 13 */
  eventMonths: z.number().int().min(2).max(120).default(13),
  /** Ids of events, so that they count once. Events may come 30 days late. @default 60 */
  keyDays: z.number().min(31).default(60),
  /** Lists that were shown. @default 90 */
  listDays: z.number().min(31).default(90),
  /** Sessions without an account that have gone quiet. @default 180 */
  idleDays: z.number().min(31).default(180),
});

/** How long things are kept. */
export type UpkeepRetention = z.output<typeof UpkeepRetention>;
