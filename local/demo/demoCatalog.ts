import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { demoId } from "./demoId.ts";
import { departments, type Shelf, shelves } from "./groceries.ts";

/** A vendor of the demo. */
export interface DemoVendor {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly kind: "farm" | "shop";
  readonly region: string;
}

/** A product of the demo. */
export interface DemoProduct {
  readonly id: string;
  readonly vendor: number;
  readonly shelf: Shelf;
  readonly sku: string;
  readonly name: string;
  readonly brand: string;
  readonly attributes: readonly string[];
  readonly price: number;
  /** Where its price stands on its shelf: 0 cheapest, 1 dearest. */
  readonly dearness: number;
  readonly stock: number;
  readonly freshnessDays: number;
  readonly rating: number;
  readonly ratingCount: number;
  /** How well known it is: what is shown first before anybody's taste is known. */
  readonly fame: number;
}

/** The vendors, categories and products of a demo. */
export interface DemoCatalog {
  readonly vendors: readonly DemoVendor[];
  /** Above before below. */
  readonly categories: readonly { slug: string; name: string; parent: string | null }[];
  readonly products: readonly DemoProduct[];
}

const farmNames = [
  "Green Hill",
  "Sunny Acre",
  "Old Oak",
  "River Bend",
  "Stone Mill",
  "Clover",
  "North Field",
  "Willow",
];
const shopNames = ["Corner", "Market Hall", "Pantry", "Daily", "Harbour", "Station", "Village", "Garden"];
const regions = ["north", "south", "east", "west"];
const brandNames = ["Alba", "Bona", "Cima", "Dalia", "Elva", "Fiora", "Grana", "Halma", "Isla", "Juna", "Kora", "Luma"];

/** Makes the catalog of a seed: always the same one. */
export function demoCatalog(options: { vendors: number; products: number; seed: number }): DemoCatalog {
  const { seed } = options;
  const random = seededRandom(seed);
  const pick = <Item>(list: readonly Item[]) => list[Math.floor(random.next() * list.length)]!;
  const vendors = Array.from({ length: options.vendors }, (_, index): DemoVendor => {
    const isFarm = index % 2 === 0;
    const word = isFarm ? farmNames[(index / 2) % farmNames.length]! : shopNames[((index - 1) / 2) % shopNames.length]!;
    const name = `${word} ${isFarm ? "Farm" : "Store"}${index < 16 ? "" : ` ${index + 1}`}`;
    return {
      id: demoId(seed, "vendor", index),
      slug: `demo-${seed}-${name.toLowerCase().replaceAll(" ", "-")}`,
      name,
      kind: isFarm ? "farm" : "shop",
      region: regions[index % regions.length]!,
    };
  });
  const categories = [
    ...departments.map(([slug, name]) => ({
      slug,
      name,
      parent: slug === "food" || slug === "household" ? null : "food",
    })),
    ...shelves.map(({ slug, name, parent }) => ({ slug, name, parent })),
  ];
  const products = Array.from({ length: options.products }, (_, index): DemoProduct => {
    const shelf = shelves[index % shelves.length]!;
    const [kind, ...attributes] = pick(shelf.kinds);
    const brand = pick(brandNames);
    const dearness = random.next();
    const [least, most] = shelf.prices;
    const price = Math.round((least + (most - least) * dearness ** 1.5) * 100) / 100;
    return {
      id: demoId(seed, "product", index),
      vendor: Math.floor(random.next() * vendors.length),
      shelf,
      sku: `D-${index}`,
      name: `${kind} ${pick(shelf.nouns)}`,
      brand,
      attributes,
      price,
      dearness,
      // One in twenty-five is sold out.
      stock: random.next() < 0.04 ? 0 : 5 + Math.floor(random.next() * 200),
      freshnessDays: 2 + Math.floor(random.next() * 60),
      rating: Math.round((3 + random.next() * 2) * 10) / 10,
      ratingCount: Math.floor(random.next() ** 3 * 900),
      fame: random.next() ** 3,
    };
  });
  return { vendors, categories, products };
}
