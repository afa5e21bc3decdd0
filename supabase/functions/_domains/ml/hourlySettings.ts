import * as z from "zod";

/** What the schedule's payload may say of hourly learning. */
export const HourlySettings = z.object({
  /** What arrived within the last so many seconds waits for the next run. @default 60 */
  lagSeconds: z.int().min(0).max(3_600).default(60),
  /** Days of counts that popularity is made of. @default 60 */
  popularityDays: z.int().min(28).max(400).default(60),
  /** @default 90 */
  associationDays: z.int().min(1).max(730).default(90),
  /** Baskets a pair needs. @default 3 */
  leastBaskets: z.int().min(1).max(1_000).default(3),
  /** Subjects that must share what a segment is said to want. @default 3 */
  leastSubjects: z.int().min(1).max(1_000).default(3),
  /** @default 90 */
  momentDays: z.int().min(7).max(400).default(90),
  /** Strongest traits a month's snapshot keeps. @default 10 */
  snapshotTraits: z.int().min(1).max(100).default(10),
  /** Months that snapshots are kept. @default 24 */
  snapshotMonths: z.int().min(1).max(120).default(24),
  /** @default 8 */
  tasteClusters: z.int().min(2).max(50).default(8),
  /** Subjects a chunk. @default 500 */
  chunkSubjects: z.int().min(1).max(5_000).default(500),
});

/** Settings of hourly learning. */
export type HourlySettings = z.output<typeof HourlySettings>;
