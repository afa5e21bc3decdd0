import * as z from "zod";
import type { RequestContext } from "../../../_shared/http/context.ts";

/** The query of search-suggest. */
export const SuggestInput = z.strictObject({
  q: z.string().max(100).refine((text) => !text.includes("\0"), "Must not contain the character NUL"),
  limit: z.coerce.number().int().min(1).max(20).default(8),
});

/** The answer of search-suggest: queries first, then categories, then products. */
export const SuggestOutput = z.object({
  suggestions: z.array(z.object({
    kind: z.enum(["query", "category", "product"]),
    text: z.string(),
    /** A category's slug or a product's id; `null` for queries. */
    id: z.string().nullable(),
  })),
});

/** What the beginning of a query may become. */
export async function suggest(
  { q, limit }: z.output<typeof SuggestInput>,
  { db }: Pick<RequestContext, "db">,
): Promise<z.input<typeof SuggestOutput>> {
  const [row] = await db.call<{ found: z.input<typeof SuggestOutput>["suggestions"] }>`
    select search.suggest(${q}, ${limit}::integer) as found`;
  return { suggestions: row!.found.slice(0, limit) };
}
