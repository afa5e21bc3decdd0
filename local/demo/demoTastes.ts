import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";

/** How a group of shoppers chooses: what the data is made by, and what a model should find again. */
export interface Taste {
  readonly name: string;
  /** Attributes, and how much more often than others they are taken; below 1: less often. */
  readonly attributes: Readonly<Record<string, number>>;
  /** Departments or shelves they come for more often. */
  readonly shelves: Readonly<Record<string, number>>;
  /** Above 0: dear is better; below 0: cheap is. */
  readonly priceSense: number;
  /** How many they take at a time. */
  readonly quantity: number;
}

/** The planted groups. */
export const tastes: readonly Taste[] = [
  {
    name: "plant-based",
    attributes: { "plant-based": 8, vegan: 4, organic: 1.5 },
    shelves: { milk: 2, yogurt: 2, vegetables: 1.5 },
    priceSense: 0.2,
    quantity: 1,
  },
  {
    name: "spicy-averse",
    attributes: { spicy: 0.05 },
    shelves: { chips: 3, sauces: 2 },
    priceSense: 0,
    quantity: 1,
  },
  {
    name: "heat-seeker",
    attributes: { spicy: 8 },
    shelves: { chips: 3, sauces: 2.5, nuts: 1.5 },
    priceSense: 0,
    quantity: 1,
  },
  {
    name: "bargain",
    attributes: { bulk: 3, organic: 0.4 },
    shelves: { pasta: 2, paper: 2, cleaning: 1.5 },
    priceSense: -2.5,
    quantity: 1,
  },
  {
    name: "organic-local",
    attributes: { organic: 6, local: 4, "fair-trade": 3 },
    shelves: { fruit: 2, vegetables: 2, eggs: 2, honey: 1.5 },
    priceSense: 1,
    quantity: 1,
  },
  {
    name: "family-bulk",
    attributes: { bulk: 4, "low-fat": 0.5 },
    shelves: { milk: 2, bread: 2, water: 2.5, paper: 2 },
    priceSense: -0.8,
    quantity: 2,
  },
  {
    name: "careful",
    attributes: { "gluten-free": 9, "lactose-free": 8, nuts: 0.1 },
    shelves: { bread: 2, pasta: 2 },
    priceSense: 0.3,
    quantity: 1,
  },
  {
    name: "sweet-tooth",
    attributes: { "sugar-free": 0.3 },
    shelves: { chocolate: 4, honey: 2, juice: 2 },
    priceSense: 0.4,
    quantity: 1,
  },
];

/** The group of the demo's nth shopper. */
export function plantedTaste(seed: number, shopper: number): Taste {
  const random = seededRandom(seed * 31 + shopper * 7_919 + 1);
  return tastes[Math.floor(random.next() * tastes.length)]!;
}
