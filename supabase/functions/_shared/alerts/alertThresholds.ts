import * as z from "zod";

const positive = z.number().positive().max(1_000_000);
const share = z.number().min(0).max(1);

/** When something is worth an alert; the `payload` of the schedule may say otherwise. */
export const AlertThresholds = z.strictObject({
  /** A condition must have been untrue for so long before its alert resolves. @default 5 */
  quietMinutes: positive.default(5),
  /** How far back events count that are over at once: a full disk seen, a trial reverted. @default 15 */
  eventMinutes: positive.default(15),
  /** Runs of a job without a success between. @default 2 */
  jobFailures: z.number().int().min(1).max(1_000).default(2),
  /** How long a circuit is open before somebody should know. @default 10 */
  circuitMinutes: positive.default(10),
  /** Dead letters of a table, or of a queue, within a quarter of an hour: a warning; ten times as many are an error. @default 10 */
  deadLetters: z.number().int().min(1).max(1_000_000).default(10),
  /** Of the writes within an hour that had to be healed, the share that was. @default 0.9 */
  healingShare: share.default(0.9),
  /** So many writes must have needed healing within the hour. @default 20 */
  healingWrites: z.number().int().min(1).max(1_000_000).default(20),
  /** For how long after it a critical change of the schema is worth an alert. @default 24 */
  schemaHours: positive.default(24),
  /** The share of the day's budget for models that is worth a warning. @default 0.8 */
  aiBudgetShare: share.default(0.8),
  /** Tries of one delivery after which a sink is said to fail. @default 3 */
  sinkTries: z.number().int().min(1).max(1_000).default(3),
  /** What is bad, open and known to nobody is told again after so long. @default 4 */
  reminderHours: positive.default(4),
  /** A delivery is tried for so long. @default 3 */
  giveUpDays: positive.default(3),
});

/** See {@linkcode AlertThresholds}. */
export type AlertThresholds = z.output<typeof AlertThresholds>;
