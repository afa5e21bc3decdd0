import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import type { SubjectHistory } from "../../supabase/functions/_domains/ml/interactionMatrix.ts";

/** Options of {@link plantTastes}. */
export interface PlantedOptions {
  readonly items: number;
  readonly subjects: number;
  readonly seed: number;
  /** @default 40 */
  readonly categories?: number;
  /** The mean length of a history. @default 30 */
  readonly length?: number;
}

/** What a subject wanted, in the order of time; items are numbered category by category. */
export interface PlantedMarket {
  readonly itemCount: number;
  readonly categoryOf: Int32Array;
  readonly histories: readonly SubjectHistory[];
}

/**
 * A market in which tastes are known because they were planted: each subject likes a few categories and a few attributes that
 * run across categories; products differ in fame (Zipf), and the famous ones are bought by everybody; a third of what is wanted
 * is what goes with the thing before.
 */
export function plantTastes({ items, subjects, seed, categories = 40, length = 30 }: PlantedOptions): PlantedMarket {
  const { next } = seededRandom(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const categoryOf = Int32Array.from({ length: items }, (_, item) => Math.floor(item * categories / items));
  const attributes = Array.from({ length: items }, () => [below(24), below(24)]);
  const fame = Array.from({ length: items }, () => 1 / (1 + below(items)) ** 0.9);
  const companions = Array.from({ length: items }, () => [below(items), below(items), below(items)]);
  const byCategory = Array.from({ length: categories }, () => [] as number[]);
  categoryOf.forEach((category, item) => byCategory[category]!.push(item));
  const everything = Array.from({ length: items }, (_, item) => item);
  const histories = Array.from({ length: subjects }, () => {
    const liked = Array.from({ length: 3 }, () => below(categories));
    const traits = new Set([below(24), below(24), below(24)]);
    const appeal = (item: number) => fame[item]! * (attributes[item]!.some((trait) => traits.has(trait)) ? 15 : 1);
    const chosen = new Set<number>();
    const wanted = Math.max(5, Math.round(length * (0.4 + 1.2 * next())));
    let last: number | undefined;
    for (let tries = 0; chosen.size < wanted && tries < wanted * 20; tries++) {
      let item: number;
      if (last !== undefined && next() < 0.33) item = companions[last]![Math.floor(3 * next() ** 2)]!;
      else {
        item = next() < 0.75
          ? drawBy(byCategory[liked[below(3)]!]!, appeal, next)
          : drawBy(everything, (any) => fame[any]!, next);
      }
      chosen.add(item);
      last = item;
    }
    return { items: [...chosen] };
  });
  return { itemCount: items, categoryOf, histories };
}

/** One of `from`, in proportion to its appeal. */
function drawBy(from: readonly number[], appeal: (item: number) => number, next: () => number): number {
  let left = next() * from.reduce((sum, item) => sum + appeal(item), 0);
  for (const item of from) {
    left -= appeal(item);
    if (left <= 0) return item;
  }
  return from.at(-1)!;
}
