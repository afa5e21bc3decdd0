import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { explainTrait, type TraitEvents } from "./profile/explainTrait.ts";
import { requireSubject } from "./subject/requireSubject.ts";

const mostTraits = 100;

/** How much is told. */
export const ReadPreferencesInput = z.strictObject({
  /** Of traits the strongest, so many: 0 for whoever only asks whether something has changed. */
  limit: z.coerce.number().int().min(0).max(mostTraits).default(mostTraits),
});

/** What is known of the caller, strongest first. */
export const ReadPreferencesOutput = z.object({
  /** Counts what was learned and decided; 0 where nothing is known at all. */
  profileVersion: z.number(),
  isOptedOut: z.boolean(),
  mutedTraits: z.array(z.string()),
  traits: z.array(z.object({
    trait: z.string(),
    /** Between -1 and 1: the long-term score and that of the visit, as one. */
    score: z.number(),
    longTerm: z.number(),
    session: z.number(),
    /** Between 0 and 1: how much speaks for or against it. */
    confidence: z.number(),
    events: z.number(),
    /** What it comes from; null where that is too long ago to tell. */
    reason: z.string().nullable(),
  })),
  /** What the caller buys again. */
  habits: z.array(z.object({
    productId: z.string(),
    name: z.string(),
    purchases: z.number(),
    usualQuantity: z.number(),
    intervalDays: z.number().nullable(),
    lastBoughtAt: z.string(),
  })),
});

type Output = z.input<typeof ReadPreferencesOutput>;
type Told = Omit<Output, "traits"> & {
  traits: (Omit<Output["traits"][number], "reason"> & { from: TraitEvents[] })[];
};

/** Shows the caller what is known of them and what it comes from. */
export async function readPreferences(
  { limit }: z.output<typeof ReadPreferencesInput>,
  ctx: Pick<RequestContext, "db" | "caller" | "sessionKey">,
): Promise<Output> {
  requireSubject(ctx, "show preferences");
  const [row] = await ctx.db.call<{ told: Told }>`
    select personalization.show_profile(${ctx.sessionKey ?? null}::text, ${limit}::integer) as told`;
  const { traits, ...rest } = row!.told;
  return { ...rest, traits: traits.map(({ from, ...trait }) => ({ ...trait, reason: explainTrait(from) ?? null })) };
}
