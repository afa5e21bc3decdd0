/** What a category sells, as far as the demo knows: enough words to tell thousands of products apart. */
export interface Shelf {
  readonly slug: string;
  readonly name: string;
  /** The category above, by its slug. */
  readonly parent: string;
  /** What names begin with, and the attributes each stands for. */
  readonly kinds: readonly (readonly [name: string, ...attributes: readonly string[]])[];
  /** What names end with. */
  readonly nouns: readonly string[];
  readonly unit: string;
  /** Cheapest and dearest. */
  readonly prices: readonly [number, number];
  /** Months in which it grows; none: always there. */
  readonly months?: readonly number[];
  /** Meals and weathers in which it is wanted more; at other times it is wanted less. None: always alike. */
  readonly moments?: readonly string[];
  /** What shoppers type. */
  readonly queries: readonly string[];
  /** How many days until it is bought again; none: it is not. */
  readonly againAfterDays?: number;
}

/** The categories above the shelves. */
export const departments: readonly (readonly [slug: string, name: string])[] = [
  ["food", "Food"],
  ["dairy", "Dairy and alternatives"],
  ["produce", "Fruit and vegetables"],
  ["pantry", "Pantry"],
  ["snacks", "Snacks and sweets"],
  ["drinks", "Drinks"],
  ["household", "Household"],
];

const shelf = (
  [parent, slug, name]: readonly [string, string, string],
  nouns: readonly string[],
  kinds: Shelf["kinds"],
  rest: Omit<Shelf, "parent" | "slug" | "name" | "nouns" | "kinds">,
): Shelf => ({ parent, slug, name, nouns, kinds, ...rest });

/** All shelves of the demo. */
export const shelves: readonly Shelf[] = [
  shelf(["dairy", "milk", "Milk"], ["Milk", "Milk Barista", "Milk Classic"], [
    ["Oat", "plant-based", "vegan"],
    ["Soy", "plant-based", "vegan"],
    ["Almond", "plant-based", "vegan", "nuts"],
    ["Whole", "local"],
    ["Skimmed", "low-fat"],
    ["Organic Whole", "organic", "local"],
    ["Lactose-Free", "lactose-free"],
  ], { unit: "l", prices: [0.9, 3.2], moments: ["breakfast"], queries: ["milk", "oat milk"], againAfterDays: 5 }),
  shelf(["dairy", "yogurt", "Yogurt"], ["Yogurt", "Yogurt Natural", "Yogurt Vanilla"], [
    ["Coconut", "plant-based", "vegan"],
    ["Soy", "plant-based", "vegan"],
    ["Oat", "plant-based", "vegan"],
    ["Greek", "high-protein"],
    ["Bulgarian"],
    ["Organic Meadow", "organic", "local"],
    ["Low-Fat", "low-fat"],
  ], { unit: "g", prices: [0.6, 3.9], queries: ["yogurt"], againAfterDays: 7 }),
  shelf(["dairy", "cheese", "Cheese"], ["Cheese", "Cheese Mild", "Cheese Aged"], [
    ["Cheddar"],
    ["Gouda"],
    ["Goat", "local"],
    ["Organic Alpine", "organic"],
    ["Cashew", "plant-based", "vegan", "nuts"],
    ["Blue"],
  ], { unit: "g", prices: [1.9, 9.5], queries: ["cheese"], againAfterDays: 10 }),
  shelf(["dairy", "eggs", "Eggs"], ["Eggs", "Eggs Large"], [
    ["Free-Range", "local"],
    ["Organic", "organic", "local"],
    ["Barn"],
  ], { unit: "dozen", prices: [2.2, 5.5], queries: ["eggs"], againAfterDays: 8 }),
  shelf(["produce", "fruit", "Fruit"], ["Apples", "Pears", "Strawberries", "Grapes", "Plums"], [
    ["Organic", "organic", "local"],
    ["Local", "local"],
    ["Sweet"],
    ["Crisp"],
  ], { unit: "kg", prices: [1.5, 6.5], months: [6, 7, 8, 9, 10], queries: ["apples", "fruit"], againAfterDays: 6 }),
  shelf(["produce", "citrus", "Citrus"], ["Oranges", "Lemons", "Mandarins", "Grapefruit"], [
    ["Organic", "organic"],
    ["Juicy"],
    ["Sicilian"],
  ], { unit: "kg", prices: [1.6, 4.5], months: [11, 12, 1, 2, 3], queries: ["oranges", "lemons"], againAfterDays: 9 }),
  shelf(["produce", "vegetables", "Vegetables"], ["Carrots", "Tomatoes", "Peppers", "Zucchini", "Spinach"], [
    ["Organic", "organic", "local"],
    ["Farm", "local"],
    ["Baby"],
    ["Cherry"],
  ], { unit: "kg", prices: [1.1, 5.5], queries: ["tomatoes", "carrots", "vegetables"], againAfterDays: 5 }),
  shelf(["produce", "roots", "Roots and squash"], ["Potatoes", "Pumpkin", "Beets", "Parsnips"], [
    ["Organic", "organic", "local"],
    ["Floury"],
    ["Waxy"],
    ["Heritage", "local"],
  ], {
    unit: "kg",
    prices: [0.9, 3.5],
    months: [9, 10, 11, 12, 1, 2],
    queries: ["potatoes", "pumpkin"],
    againAfterDays: 12,
  }),
  shelf(["pantry", "bread", "Bread"], ["Bread", "Loaf", "Rolls"], [
    ["Sourdough", "local"],
    ["Whole-Grain", "whole-grain"],
    ["Organic Rye", "organic", "whole-grain"],
    ["Gluten-Free", "gluten-free"],
    ["White"],
  ], { unit: "piece", prices: [1.2, 6.9], moments: ["breakfast"], queries: ["bread"], againAfterDays: 4 }),
  shelf(["pantry", "pasta", "Pasta and grains"], ["Spaghetti", "Penne", "Rice", "Couscous"], [
    ["Durum"],
    ["Whole-Grain", "whole-grain"],
    ["Organic", "organic"],
    ["Gluten-Free", "gluten-free"],
  ], { unit: "g", prices: [0.9, 4.2], moments: ["dinner"], queries: ["pasta", "rice"], againAfterDays: 21 }),
  shelf(["pantry", "sauces", "Sauces"], ["Tomato Sauce", "Salsa", "Curry Sauce"], [
    ["Mild"],
    ["Spicy", "spicy"],
    ["Organic", "organic"],
    ["Jalapeno", "spicy"],
    ["Classic"],
  ], {
    unit: "g",
    prices: [1.4, 5.5],
    queries: ["tomato sauce", "salsa"],
    againAfterDays: 20,
  }),
  shelf(["pantry", "honey", "Honey and spreads"], ["Honey", "Jam", "Peanut Butter"], [
    ["Organic", "organic"],
    ["Local", "local"],
    ["Crunchy", "nuts"],
    ["Sugar-Free", "sugar-free"],
  ], { unit: "g", prices: [2.2, 8.9], queries: ["honey", "jam"], againAfterDays: 30 }),
  shelf(["snacks", "chips", "Chips"], ["Chips", "Tortilla Chips", "Crisps"], [
    ["Original"],
    ["Sea Salt"],
    ["Spicy Chili", "spicy"],
    ["Jalapeno", "spicy"],
    ["Sweet Chili", "spicy"],
    ["Paprika"],
    ["Organic", "organic"],
  ], { unit: "g", prices: [0.9, 3.9], queries: ["chips"], againAfterDays: 9 }),
  shelf(["snacks", "chocolate", "Chocolate"], ["Chocolate", "Truffles", "Cocoa Bar"], [
    ["Dark", "vegan"],
    ["Milk"],
    ["Hazelnut", "nuts"],
    ["Organic Fair", "organic", "fair-trade"],
    ["Sugar-Free", "sugar-free"],
  ], {
    unit: "g",
    prices: [0.9, 6.5],
    moments: ["cold", "rainy", "snowy"],
    queries: ["chocolate"],
    againAfterDays: 11,
  }),
  shelf(["snacks", "nuts", "Nuts"], ["Almonds", "Cashews", "Walnuts", "Trail Mix"], [
    ["Roasted", "nuts"],
    ["Raw", "nuts", "vegan"],
    ["Spicy", "nuts", "spicy"],
    ["Organic", "nuts", "organic"],
  ], { unit: "g", prices: [2.2, 9.9], queries: ["nuts", "almonds"], againAfterDays: 18 }),
  shelf(["drinks", "coffee", "Coffee"], ["Coffee", "Espresso", "Coffee Decaf"], [
    ["Fair", "fair-trade"],
    ["Organic", "organic", "fair-trade"],
    ["Dark Roast"],
    ["Local Roast", "local"],
  ], { unit: "g", prices: [3.9, 14.9], moments: ["breakfast", "cold"], queries: ["coffee"], againAfterDays: 16 }),
  shelf(["drinks", "water", "Water"], ["Water", "Mineral Water"], [
    ["Still"],
    ["Sparkling"],
    ["Local Spring", "local"],
  ], { unit: "gallon", prices: [0.5, 2.9], moments: ["hot"], queries: ["water"], againAfterDays: 6 }),
  shelf(["drinks", "juice", "Juice"], ["Juice", "Smoothie"], [
    ["Apple", "local"],
    ["Orange"],
    ["Organic Carrot", "organic"],
    ["Ginger", "spicy"],
  ], { unit: "l", prices: [1.4, 5.5], moments: ["hot", "sunny"], queries: ["juice"], againAfterDays: 10 }),
  shelf(["household", "cleaning", "Cleaning"], ["Detergent", "Soap", "Cleaner"], [
    ["Eco", "eco", "vegan"],
    ["Fresh"],
    ["Sensitive", "fragrance-free"],
  ], { unit: "piece", prices: [1.5, 11.9], queries: ["detergent", "soap"], againAfterDays: 35 }),
  shelf(["household", "paper", "Paper goods"], ["Towels", "Tissues", "Toilet Paper"], [
    ["Recycled", "eco"],
    ["Soft"],
    ["Family Pack", "bulk"],
  ], { unit: "box", prices: [1.9, 12.9], queries: ["toilet paper", "tissues"], againAfterDays: 25 }),
];
