import * as z from "zod";

/** What the schedule's payload may say of daily learning. */
export const DailySettings = z.object({
  /** What arrived within the last so many seconds waits for the next run. @default 60 */
  lagSeconds: z.int().min(0).max(3_600).default(60),
  /** Days of interactions that models are trained on. @default 180 */
  modelDays: z.int().min(1).max(730).default(180),
  /** Products a model knows, the most wanted ones. @default 100_000 */
  mostProducts: z.int().min(1).max(200_000).default(100_000),
  /** Products of one subject that count, the newest ones: nobody weighs more than so many. @default 200 */
  mostOfSubject: z.int().min(5).max(1_000).default(200),
  /** Candidates for the strength of regularisation; validation chooses. @default [5, 20, 60, 200, 600] */
  lambdas: z.array(z.number().positive()).min(1).max(8).default([5, 20, 60, 200, 600]),
  /** Cases below which a test says nothing. @default 30 */
  leastCases: z.int().min(1).default(30),
  /** Baskets that a relation of categories needs. @default 5 */
  leastBaskets: z.int().min(1).max(1_000).default(5),
  /** @default 180 */
  relationDays: z.int().min(1).max(730).default(180),
  /** Purchases of two years that a season is seen in. @default 10 */
  leastSeasonal: z.int().min(1).max(10_000).default(10),
  /** Subjects a chunk. @default 500 */
  chunkSubjects: z.int().min(1).max(5_000).default(500),
});

/** Settings of daily learning. */
export type DailySettings = z.output<typeof DailySettings>;
