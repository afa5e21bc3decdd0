import { AppError } from "../../_shared/errors/appError.ts";
import { answerOf } from "../../_shared/healing/client/answerOf.ts";
import type { ProductCard } from "../commerce/ports.ts";
import { momentsOf } from "../personalization/ports.ts";
import type { Gathered } from "./gather/gathered.ts";
import { gatherCandidates } from "./gather/gatherCandidates.ts";
import { shoppersDay } from "./gather/shoppersDay.ts";
import type { Scored } from "./mix/scored.ts";
import { rankCandidates } from "./rankCandidates.ts";
import { offeredQuantity, roundQuantity } from "./reasons/offeredQuantity.ts";
import { reasonOf } from "./reasons/reasonOf.ts";
import type { Recommendation, RecommendedItem } from "./recommendation.ts";
import type { RecommendationDeps } from "./recommendationDeps.ts";
import type { RecommendationRequest } from "./recommendationRequest.ts";

/**
 * What the caller is recommended. The caller is whom `db` is opened for; `sessionKey` counts where that is no user.
 *
 * @example
 * ```ts
 * const { recommendationId, items } = await recommendFor(ctx, ctx.sessionKey, { kind: "for-you", limit: 10 });
 * ```
 */
export async function recommendFor(
  deps: RecommendationDeps,
  sessionKey: string | undefined,
  request: RecommendationRequest,
): Promise<Recommendation<ProductCard>> {
  const { db, clock, random } = deps;
  const { kind, limit = 12 } = request;
  const today = shoppersDay(clock.now(), request.timeZone);
  const gathered = await gatherCandidates(
    db.call,
    sessionKey,
    request,
    today,
    momentsOf(request, new Date(clock.now())),
  );
  if (gathered === undefined) {
    throw new AppError("not_found", `Cannot recommend '${kind}' as there is no such product on sale`);
  }
  const row = rankCandidates(gathered, { kind, limit, day: today.day });
  const recommendationId = random.uuid();
  const model = gathered.modelVersion === undefined ? null : { version: gathered.modelVersion };
  const answer = { recommendationId, isPersonal: isPersonal(gathered), model };
  if (row.length === 0) return { ...answer, items: [] };
  // Before the cards: whoever answers at once with feedback finds the list.
  deps.waitUntil(noteRow(deps, sessionKey, { recommendationId, kind, row, model }));
  return { ...answer, items: await withCards(deps, { kind, month: today.month }, gathered, row) };
}

/** Is something known of the shopper that the row could be made of? */
function isPersonal({ profile, candidates }: Gathered): boolean {
  return profile.size > 0 || candidates.some(({ habit }) => habit !== undefined);
}

async function noteRow(
  { db }: RecommendationDeps,
  sessionKey: string | undefined,
  shown: { recommendationId: string; kind: string; row: readonly Scored[]; model: { version: number } | null },
): Promise<void> {
  answerOf(
    await db.rpc("personalization.note_list", {
      p_session_key: sessionKey ?? null,
      p_list_id: shown.recommendationId,
      p_source: "recommendations",
      p_kind: shown.kind,
      p_query: null,
      p_product_ids: shown.row.map(({ candidate }) => candidate.id),
      p_made_by: { model: shown.model?.version ?? null },
    }, { deadLetter: false }),
  );
}

async function withCards(
  { db }: RecommendationDeps,
  { kind, month }: { readonly kind: RecommendationRequest["kind"]; readonly month: number },
  { names, alikeQuantity }: Gathered,
  row: readonly Scored[],
): Promise<RecommendedItem<ProductCard>[]> {
  const ids = row.map(({ candidate }) => candidate.id);
  const [found] = await db.call<
    { cards: ProductCard[] }
  >`select commerce.product_cards(${ids}::uuid[], ${month}) as cards`;
  const cards = new Map(found!.cards.map((card) => [card.id, card]));
  return row.flatMap((scored) => {
    const { candidate: { id, habit }, lead, score } = scored;
    const card = cards.get(id);
    if (card === undefined) return []; // It went off sale a moment ago.
    const usual = habit === undefined ? undefined : offeredQuantity(habit);
    const quantity = usual ??
      (kind === "quantity" && alikeQuantity !== undefined ? roundQuantity(alikeQuantity) : undefined);
    const reason = reasonOf(scored, { kind, names, card, quantity });
    const rounded = Math.round(score * 10_000) / 10_000;
    return [{
      product: card,
      score: rounded,
      reason,
      source: lead.source,
      ...(quantity === undefined ? {} : { quantity }),
    }];
  });
}
