import type { BenchMarket } from "./benchMarket.ts";
import type { SideMaker } from "./sides.ts";

/** How soon what was tracked shows. */
export interface Visibility {
  /** From the answer of the click to the answer of a read that shows it, in milliseconds. */
  readonly readMs: readonly number[];
  /** Searches sent as soon as the click was answered, and how many of them knew of it. */
  readonly searches: number;
  readonly searchesThatKnew: number;
}

/**
 * Clicks one after the other. Right after each answer the profile is read, or a search is sent: the profile's version, which
 * both answers carry, says whether the click was in what they saw.
 */
export async function measureVisibility(market: BenchMarket, maker: SideMaker, rounds: number): Promise<Visibility> {
  const readMs: number[] = [];
  let searches = 0;
  let searchesThatKnew = 0;
  for (let round = 0; round < rounds; round++) {
    const shopper = maker.shopper();
    const version = await ask(maker.get("profile", "preferences-live?limit=0", shopper));
    await ask(maker.track("click", shopper));
    const answeredAt = performance.now();
    if (round % 2 === 0) {
      for (;;) {
        if (await ask(maker.get("profile", "preferences-live?limit=0", shopper)) > version) break;
      }
      readMs.push(performance.now() - answeredAt);
    } else {
      searches++;
      const seen = await ask(maker.get("search", `search-personalized?q=${market.queries[round % 7]}`, shopper));
      if (seen > version) searchesThatKnew++;
    }
  }
  return { readMs: readMs.sort((a, b) => a - b), searches, searchesThatKnew };
}

async function ask({ url, init }: { url: string; init: RequestInit }): Promise<number> {
  const response = await fetch(url, init);
  const body = await response.json();
  if (!response.ok) throw new Error(`Cannot measure what shows: ${JSON.stringify(body)}`);
  return Number(body.profileVersion ?? 0);
}
