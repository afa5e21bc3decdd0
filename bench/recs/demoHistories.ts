import { demoCatalog, type DemoProduct } from "../../local/demo/demoCatalog.ts";
import { demoEvents } from "../../local/demo/demoEvents.ts";
import type { SubjectHistory } from "../../supabase/functions/_domains/ml/interactionMatrix.ts";

/** The demo's market as histories: what shoppers put into their carts, in the order of time. */
export function demoHistories(
  { products, shoppers, interactions, seed }: {
    readonly products: number;
    readonly shoppers: number;
    readonly interactions: number;
    readonly seed: number;
  },
): { readonly itemCount: number; readonly histories: readonly SubjectHistory[] } {
  const catalog = demoCatalog({ vendors: 20, products, seed });
  const stock = Map.groupBy(catalog.products, ({ shelf }) => shelf.slug);
  for (const shelf of stock.values()) shelf.sort((one, other) => other.fame - one.fame);
  const untilMs = Date.UTC(2026, 10, 27);
  const numbers = new Map<DemoProduct, number>();
  const histories: Set<number>[] = Array.from({ length: shoppers }, () => new Set());
  for (const event of demoEvents({ seed, shoppers, days: 180, interactions, untilMs, stock })) {
    if (event.signal !== "add_to_cart") continue;
    if (!numbers.has(event.product)) numbers.set(event.product, numbers.size);
    histories[event.shopper]!.add(numbers.get(event.product)!);
  }
  const long = histories.filter(({ size }) => size >= 5).map((items) => ({ items: [...items] }));
  return { itemCount: numbers.size, histories: long };
}
