import * as z from "zod";

const Counts = z.strictObject({
  /** Letters that were sent again, and what became of them. */
  sent: z.int(),
  landed: z.int(),
  /** Records of fields that were looked at, and fields that have moved to their column. */
  looked: z.int(),
  moved: z.int(),
  kept: z.int(),
});

const LetterPlace = z.strictObject({ at: z.string(), id: z.string() });

const Sweep = z.strictObject({
  /** What the schema and the mappings that are applied came to. */
  basis: z.string(),
  startedAt: z.string(),
});

/** The cursor of a replay. */
export const ReplayProgress = z.strictObject({
  counts: Counts,
  /** The schema it works under. */
  schemaHash: z.string(),
  /** The sweep it makes; absent where nothing has changed that could help what is kept. */
  sweep: Sweep.optional(),
  /** Letters whose try was counted and which are sent next. */
  claimed: z.array(z.string()),
  /** What comes after them. */
  then: z.discriminatedUnion("of", [
    z.strictObject({ of: z.literal("due") }),
    z.strictObject({ of: z.literal("stale"), behind: LetterPlace.optional() }),
    z.strictObject({
      of: z.literal("fields"),
      behind: z.strictObject({ oid: z.string(), id: z.string() }).optional(),
    }),
    z.strictObject({ of: z.literal("end") }),
  ]),
});

/** See {@linkcode ReplayProgress}. */
export type ReplayProgress = z.output<typeof ReplayProgress>;

/** What a replay came to. */
export interface ReplayOutcome extends z.output<typeof Counts> {
  /** The last sweep over all that is kept, by this run or an earlier one. */
  readonly sweep?: z.output<typeof Sweep>;
}

/** Reads the outcome of an earlier run, which may be an older version's. */
export function readSweep(outcome: unknown): z.output<typeof Sweep> | undefined {
  const parsed = z.object({ sweep: Sweep }).safeParse(outcome);
  return parsed.success ? parsed.data.sweep : undefined;
}

/** Reads a saved cursor; one that is no cursor of this version starts over, which sends nothing twice. */
export function readReplayProgress(saved: unknown): ReplayProgress | undefined {
  const parsed = ReplayProgress.safeParse(saved);
  return parsed.success ? parsed.data : undefined;
}
