import { type Random } from "../../supabase/functions/_shared/random/random.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import type { MomentContext } from "../../supabase/functions/_domains/personalization/ports.ts";
import type { DemoProduct } from "./demoCatalog.ts";
import { plantedTaste, type Taste } from "./demoTastes.ts";
import { demoContext, demoWeather } from "./demoMoments.ts";
import { type Shelf, shelves } from "./groceries.ts";

/** Something a shopper of the demo did. */
export interface DemoEvent {
  readonly shopper: number;
  readonly atMs: number;
  readonly signal:
    | "click"
    | "view_details"
    | "dwell_30s"
    | "add_to_cart"
    | "purchase"
    | "repeat_purchase"
    | "bulk_purchase";
  readonly product: DemoProduct;
  readonly query: string;
  readonly position: number;
  readonly resultsShown: number;
  readonly quantity: number;
  readonly context: MomentContext;
}

/** Options of {@link demoEvents}. */
export interface DemoEventOptions {
  readonly seed: number;
  readonly shoppers: number;
  readonly days: number;
  /** About how many events there are altogether. */
  readonly interactions: number;
  /** When the last day ends. */
  readonly untilMs: number;
  /** By shelf, best known first. */
  readonly stock: ReadonlyMap<string, readonly DemoProduct[]>;
}

const dayMs = 86_400_000;
const shownAtOnce = 10;
/** How likely a shopper looks at a place of a list at all. */
const looksAt = (position: number) => 1 / Math.log2(position + 1);
/** How busy the days of a week are, Sunday first. */
const weekdays = [0.8, 0.7, 0.8, 0.9, 1.1, 1.5, 1.6];
/** How busy the hours of a day are. */
const hours = [7, 8, 9, 11, 12, 13, 16, 17, 17, 18, 18, 19, 19, 20, 21];

/** What all shoppers did, one after the other, each in the order of time: a stream, so that millions need no memory. */
export function* demoEvents(options: DemoEventOptions): Generator<DemoEvent> {
  const perShopper = options.interactions / options.shoppers;
  const weatherAt = demoWeather(options.seed);
  for (let shopper = 0; shopper < options.shoppers; shopper++) {
    const random = seededRandom(options.seed * 104_729 + shopper + 17);
    const budget = Math.round(perShopper * (0.5 + random.next()));
    yield* shopperEvents(options, { shopper, random, budget, taste: plantedTaste(options.seed, shopper), weatherAt });
  }
}

interface Person {
  readonly shopper: number;
  readonly random: Random;
  readonly budget: number;
  readonly taste: Taste;
  readonly weatherAt: ReturnType<typeof demoWeather>;
}

function* shopperEvents(options: DemoEventOptions, person: Person): Generator<DemoEvent> {
  const { random, budget } = person;
  // A visit brings about four events; its day is drawn by how busy the weekday is.
  const visits = Math.max(1, Math.round(budget / 3.7));
  const moments = Array.from({ length: visits }, () => visitAt(options, random)).sort((one, other) => one - other);
  const bought = new Map<string, { product: DemoProduct; atMs: number }>();
  let left = budget;
  for (const atMs of moments) {
    for (const event of visitEvents(options, person, atMs, bought)) {
      if (left-- <= 0) return;
      yield event;
    }
  }
}

function visitAt({ days, untilMs }: DemoEventOptions, random: Random): number {
  for (;;) {
    const day = untilMs - Math.ceil(random.next() * days) * dayMs;
    if (random.next() * 1.6 > weekdays[new Date(day).getUTCDay()]!) continue;
    return day + (hours[Math.floor(random.next() * hours.length)]! + random.next()) * 3_600_000;
  }
}

function* visitEvents(
  options: DemoEventOptions,
  { shopper, random, taste, weatherAt }: Person,
  startMs: number,
  bought: Map<string, { product: DemoProduct; atMs: number }>,
): Generator<DemoEvent> {
  const month = new Date(startMs).getUTCMonth() + 1;
  const context = demoContext(startMs, weatherAt(startMs));
  let atMs = startMs;
  for (let search = 0; search < 3; search++) {
    const shelf = drawShelf(taste, month, context, random);
    const query = shelf.queries[Math.floor(random.next() * shelf.queries.length)]!;
    const known = bought.get(shelf.slug);
    const isDue = known !== undefined && startMs - known.atMs > (shelf.againAfterDays ?? 30) * 0.8 * dayMs;
    const shown = drawShown(options.stock.get(shelf.slug) ?? [], random);
    // What ran out at home is looked for, wherever it stands.
    if (isDue && random.next() < 0.7) shown[Math.min(shown.length, 3)] = known.product;
    for (const [place, product] of shown.entries()) {
      const isKnown = isDue && product === known?.product;
      const wants = isKnown ? 0.9 : looksAt(place + 1) * Math.min(0.95, 0.1 * appeal(taste, product));
      if (random.next() > wants) continue;
      const about = { shopper, product, query, position: place + 1, resultsShown: shown.length, context };
      const next = (signal: DemoEvent["signal"], quantity = 1): DemoEvent => ({
        ...about,
        signal,
        quantity,
        atMs: atMs += 4_000 + Math.floor(random.next() * 30_000),
      });
      yield next("click");
      const isLiked = isKnown || appeal(taste, product) > 1.5;
      if (random.next() < 0.4) yield next("view_details");
      if (isLiked && random.next() < 0.3) yield next("dwell_30s");
      if (random.next() > (isLiked ? 0.55 : 0.12)) continue;
      const quantity = taste.quantity * (random.next() < 0.1 ? 2 : 1);
      yield next("add_to_cart", quantity);
      if (random.next() > 0.75) continue;
      yield next(quantity >= 3 ? "bulk_purchase" : isKnown ? "repeat_purchase" : "purchase", quantity);
      bought.set(shelf.slug, { product, atMs });
      break;
    }
  }
}

function drawShelf(taste: Taste, month: number, { meal, weather }: MomentContext, random: Random): Shelf {
  const isNow = (moment: string) => moment === meal || moment === weather;
  for (;;) {
    const shelf = shelves[Math.floor(random.next() * shelves.length)]!;
    const inSeason = shelf.months === undefined || shelf.months.includes(month) ? 1 : 0.15;
    const atTheMoment = shelf.moments === undefined ? 1 : shelf.moments.some(isNow) ? 2.2 : 0.7;
    if (random.next() * 4 < (taste.shelves[shelf.slug] ?? 0.8) * inSeason * atTheMoment) return shelf;
  }
}

/** A page of results before anybody's taste is known: the famous come first and more often. */
function drawShown(products: readonly DemoProduct[], random: Random): DemoProduct[] {
  const places = new Set<number>();
  const most = Math.min(shownAtOnce, products.length);
  while (places.size < most) places.add(Math.floor(random.next() ** 2.5 * products.length));
  return [...places].sort((one, other) => one - other).map((place) => products[place]!);
}

/** How much more than the ordinary a product appeals to a taste. */
export function appeal(taste: Taste, product: DemoProduct): number {
  let factor = product.stock === 0 ? 0.2 : 1;
  for (const attribute of product.attributes) factor *= taste.attributes[attribute] ?? 1;
  return factor * Math.exp(taste.priceSense * (product.dearness - 0.5));
}
