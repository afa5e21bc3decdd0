import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import type { BenchMarket, BenchShopper } from "./benchMarket.ts";
import type { DueRequest } from "./loadPlan.ts";

/** Draws requests: the same ones for the same market and seed. */
export class SideMaker {
  readonly #random: () => number;

  constructor(private readonly market: BenchMarket, seed: number) {
    const random = seededRandom(seed);
    this.#random = () => random.next();
  }

  /** One of `list`, by `skew` the first ones more often. */
  pick<Item>(list: readonly Item[], skew = 1): Item {
    return list[Math.floor(this.#random() ** skew * list.length)]!;
  }

  shopper(): BenchShopper {
    return this.pick(this.market.shoppers);
  }

  /** A click, sent to the function. */
  track(side: string, shopper = this.shopper()): DueRequest & { readonly productId: string } {
    const productId = this.pick(this.market.productIds, 2);
    const event = { eventId: crypto.randomUUID(), type: "click", productId };
    return { ...this.#postTo(this.#url("interactions-track"), side, event, shopper), productId };
  }

  /** The same click, sent to the peer by the same client: it has the shopper's id from the body. */
  bareInsert(side: string, url: string): DueRequest {
    const productId = this.pick(this.market.productIds, 2);
    const shopper = this.shopper();
    const event = { eventId: crypto.randomUUID(), type: "click", productId, subjectId: shopper.id };
    return this.#postTo(url, side, event, shopper);
  }

  /** One search of one shopper, with and without their taste. */
  searches(personalized: string, plain: string): [DueRequest, DueRequest] {
    const shopper = this.shopper();
    const q = encodeURIComponent(this.pick(this.market.queries, 1.5));
    return [
      this.get(personalized, `search-personalized?q=${q}&limit=24`, shopper),
      this.get(plain, `search-personalized?q=${q}&limit=24&personalize=false`, shopper),
    ];
  }

  recommendations(side: string, query: string): DueRequest {
    return this.get(side, `recommendations?${query}`, this.shopper());
  }

  get(side: string, path: string, shopper: BenchShopper): DueRequest {
    return { side, url: this.#url(path), init: { method: "GET", headers: this.#headers(shopper) } };
  }

  #postTo(url: string, side: string, body: unknown, shopper: BenchShopper): DueRequest {
    const headers = { ...this.#headers(shopper), "content-type": "application/json" };
    return { side, url, init: { method: "POST", headers, body: JSON.stringify(body) } };
  }

  #url(path: string): string {
    return `${this.market.stack.url}/functions/v1/${path}`;
  }

  #headers(shopper: BenchShopper): Record<string, string> {
    return { apikey: this.market.stack.publishableKey, authorization: `Bearer ${shopper.token}` };
  }
}
