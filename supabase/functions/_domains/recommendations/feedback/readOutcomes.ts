import * as z from "zod";
import type { RequestContext } from "../../../_shared/http/context.ts";

const dayMs = 86_400_000;

/** Which days are counted. */
export const ReadOutcomesInput = z.strictObject({
  /** The last so many days. */
  days: z.coerce.number().int().min(1).max(90).default(7),
});

/** What came of recommendations. */
export const ReadOutcomesOutput = z.object({
  since: z.iso.datetime(),
  outcomes: z.array(z.object({
    kind: z.string(),
    /** The version of the item-item model; `null` where there was none. */
    model: z.number().nullable(),
    arm: z.string().nullable(),
    lists: z.number(),
    shown: z.number(),
    clicked: z.number(),
    /** Within seven days, by events that name the list. */
    bought: z.number(),
    dismissed: z.number(),
    helpful: z.number(),
  })),
});

type Outcome = z.input<typeof ReadOutcomesOutput>["outcomes"][number];

/** Counts what came of the rows that were shown. */
export async function readOutcomes(
  { days }: z.output<typeof ReadOutcomesInput>,
  ctx: Pick<RequestContext, "admin" | "clock">,
): Promise<z.input<typeof ReadOutcomesOutput>> {
  const until = ctx.clock.now();
  const since = new Date(until - days * dayMs);
  // Numbers travel as JSON: the driver gives bigint as text.
  const [row] = await ctx.admin.sql<{ outcomes: Outcome[] }>`
    select coalesce(json_agg(o), '[]') as outcomes from recommendations.count_outcomes(${since}, ${new Date(until)}) o`;
  return { since: since.toISOString(), outcomes: row!.outcomes };
}
