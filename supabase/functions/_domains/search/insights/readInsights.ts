import * as z from "zod";
import type { RequestContext } from "../../../_shared/http/context.ts";
import { wilsonInterval } from "./wilsonInterval.ts";

/** The query of search-insights. */
export const InsightsInput = z.strictObject({
  /** With a vendor: of their products alone, for its members. */
  vendorId: z.guid().optional(),
  days: z.coerce.number().int().min(1).max(90).default(7),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const query = z.object({ query: z.string(), searches: z.number() });

/** The answer of search-insights. */
export const InsightsOutput = z.object({
  since: z.string(),
  searches: z.number(),
  topQueries: z.array(query.extend({
    shoppers: z.number(),
    clicks: z.number(),
    purchases: z.number(),
    /** Of the searches, how many led to a click. */
    clickedShare: z.number(),
  })),
  zeroResultQueries: z.array(query),
  queriesWithoutClicks: z.array(query),
  /** How often what stands at each place is clicked. */
  places: z.array(z.object({
    place: z.number(),
    shown: z.number(),
    clicks: z.number(),
    clickRate: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  })),
  /** The median time to the first click. */
  secondsToClick: z.number().nullable(),
});

type Insights = z.input<typeof InsightsOutput>;
type Counted = Omit<Insights, "places"> & { readonly places: Omit<Insights["places"][number], "clickRate">[] };

/** Tells what searches came to. */
export async function readInsights(
  { vendorId, days, limit }: z.output<typeof InsightsInput>,
  { db }: Pick<RequestContext, "db">,
): Promise<Insights> {
  const [row] = await db.call<{ insights: Counted }>`
    select search.read_insights(${vendorId ?? null}, ${days}::integer, ${limit}::integer) as insights`;
  const { places, ...insights } = row!.insights;
  return { ...insights, places: places.map((one) => ({ ...one, clickRate: wilsonInterval(one.clicks, one.shown) })) };
}
