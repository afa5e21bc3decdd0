import type * as z from "zod";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { ProductCard } from "../commerce/ports.ts";
import { momentsOf } from "../personalization/ports.ts";
import { findProducts } from "./find/findProducts.ts";
import type { Found } from "./find/found.ts";
import { hitReason } from "./hitReason.ts";
import { applyPins } from "./rank/applyPins.ts";
import { orderHits } from "./rank/orderHits.ts";
import { scoreCandidates, type ScoredCandidate } from "./rank/scoreCandidates.ts";
import type { SearchOutput, SearchQuery, SearchRequest } from "./searchSchemas.ts";

type Answer = z.input<typeof SearchOutput>;
type Context = Pick<RequestContext, "db" | "sessionKey" | "clock" | "random" | "waitUntil">;

/** Searches for whoever asks, in the order of their own taste. */
export async function searchProducts(request: SearchRequest, ctx: Context): Promise<Answer> {
  const { limit, offset, filters, context } = request;
  const now = new Date(ctx.clock.now());
  const month = now.getUTCMonth() + 1;
  const found = await findProducts(ctx.db.call, ctx.sessionKey, request, { month, moments: momentsOf(context, now) });
  const scored = scoreCandidates(found.candidates, found, found.ranking, found.corrected ?? request.q);
  // Within one shop there is nothing to spread.
  const diversity = filters.vendors.length === 1 ? 0 : found.ranking.diversity;
  // What is taken out of its place lets others move up: they are spread, too, so that one page goes on where the other ended.
  const spread = offset + limit + found.pinned.length + found.buried.length;
  const ordered = orderHits(scored, diversity, Math.min(spread, scored.length));
  const ids = applyPins([...ordered.map(({ candidate }) => candidate.id), ...found.tail], found, found.isWhole);
  const page = ids.slice(offset, offset + limit);
  const listId = ctx.random.uuid();
  ctx.waitUntil(notePage(ctx, listId, request, found, page));
  const hits = await toHits(ctx, page, scored, found, month);
  return {
    listId,
    correctedQuery: found.corrected,
    relaxed: found.relaxed,
    total: found.total,
    profileVersion: found.profileVersion,
    isPersonal: found.profile.size > 0,
    hits: request.explain ? hits : hits.map(({ why: _, ...hit }) => hit),
    ...(found.facets === null ? {} : { facets: found.facets as NonNullable<Answer["facets"]> }),
    ranking: { version: found.ranking.version, experimentId: found.experiment, arm: found.arm },
  };
}

/** The same, of a query string. */
export async function searchByQuery(query: z.output<typeof SearchQuery>, ctx: Context): Promise<Answer> {
  const { q, facets, limit, offset, personalize, explain, timeZone, weather, meal, ...filters } = query;
  const context = { timeZone, weather, meal };
  return await searchProducts({ q, facets, limit, offset, personalize, explain, filters, context }, ctx);
}

async function toHits(
  { db }: Context,
  page: readonly string[],
  scored: readonly ScoredCandidate[],
  { pinned }: Found,
  month: number,
): Promise<Answer["hits"]> {
  if (page.length === 0) return [];
  const [row] = await db.call<{ cards: ProductCard[] }>`
    select commerce.product_cards(${page}::uuid[], ${month}::integer) as cards`;
  const known = new Map(scored.map((one) => [one.candidate.id, one]));
  const pins = new Set(pinned.map(([id]) => id));
  return row!.cards.map((product) => {
    const one = known.get(product.id);
    const isPinned = pins.has(product.id);
    // Far down the list, and for pins that do not match, nothing was scored.
    if (one === undefined) return { product, score: 0, reason: null, isPinned };
    const { relevance, personal, recency, popularity, season, moment, reasons, isDisliked } = one;
    return {
      product,
      score: rounded(one.score),
      reason: hitReason(one, product),
      isPinned,
      why: {
        relevance: rounded(relevance),
        personal: rounded(personal),
        recency: rounded(recency),
        popularity: rounded(popularity),
        season: rounded(season),
        moment: moment === undefined ? null : { moment: moment.moment, pull: rounded(moment.pull) },
        reasons: reasons.map(({ trait, share }) => ({ trait, share: rounded(share) })),
        isDisliked,
      },
    };
  });
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

/** As much as a list keeps of a query. A letter written out as two makes one longer than what was typed. */
const kept = (query: string) => [...query].slice(0, 200).join("");

async function notePage(
  { db, sessionKey }: Context,
  listId: string,
  { q, offset, filters }: SearchRequest,
  { corrected, relaxed, total, ranking, experiment, arm }: Found,
  page: readonly string[],
): Promise<void> {
  const asked = kept(q.trim().replaceAll(/\s+/g, " ").toLowerCase());
  answerOf(
    await db.rpc("personalization.note_list", {
      p_session_key: sessionKey ?? null,
      p_list_id: listId,
      p_source: "search",
      p_kind: asked === "" ? "browse" : "search",
      p_query: kept(corrected ?? asked),
      p_product_ids: page,
      p_made_by: {
        asked,
        total: relaxed ? 0 : total,
        relaxed,
        offset,
        ranking: ranking.version,
        ...(experiment === null ? {} : { experiment, arm }),
        ...(filters.vendors.length === 1 ? { vendor: filters.vendors[0] } : {}),
      },
    }, { deadLetter: false }),
  );
}
