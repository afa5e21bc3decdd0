import * as z from "zod";
import { ProductCard } from "../commerce/ports.ts";
import { momentFields } from "../personalization/ports.ts";

/** The longest page, and how far pages go. */
export const longestPage = 100;
const furthestOffset = 500;

const facetNames = ["categories", "vendors", "brands", "attributes", "price"] as const;

const query = z.string().max(200).refine((text) => !text.includes("\0"), "Must not contain the character NUL");
const name = z.string().min(1).max(100).refine((text) => !text.includes("\0"), "Must not contain the character NUL");
const slugs = z.array(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Must be a slug, such as oat-milk").max(100)).max(
  20,
);
const price = z.number().min(0).max(99_999_999);

const filters = {
  /** Slugs: products of any of these, and of what lies below them. */
  categories: slugs.default([]),
  vendors: z.array(z.guid()).max(20).default([]),
  /** Products that have all of these. */
  attributes: z.array(name).max(20).default([]),
  excludeAttributes: z.array(name).max(20).default([]),
  brands: z.array(name).max(20).default([]),
  minPrice: price.optional(),
  maxPrice: price.optional(),
  /** Leaves out what is not in season. */
  inSeason: z.boolean().default(false),
  /** Leaves out what is about to be sold out. Sold out products are never found. */
  inStock: z.boolean().default(false),
} as const;

const paging = {
  /** Empty: browses. */
  q: query.default(""),
  facets: z.array(z.enum(facetNames)).max(facetNames.length).default([]),
  limit: z.int().min(1).max(longestPage).default(24),
  offset: z.int().min(0).max(furthestOffset).default(0),
  /** False: the order that anybody would see. */
  personalize: z.boolean().default(true),
  /** False: leaves `why` out. */
  explain: z.boolean().default(true),
} as const;

const priceRange = ({ minPrice, maxPrice }: { minPrice?: number | undefined; maxPrice?: number | undefined }) =>
  minPrice === undefined || maxPrice === undefined || minPrice <= maxPrice;
const rangeIssue = { path: ["maxPrice"], message: "Must not be below minPrice" };

/** The body of search-personalized. */
export const SearchInput = z.strictObject({
  ...paging,
  filters: z.strictObject(filters).refine(priceRange, rangeIssue).prefault({}),
  /** What moment it is: what the shopper wants at such moments moves up. */
  context: z.strictObject(momentFields).default({}),
});

/** What is searched for. */
export type SearchRequest = z.output<typeof SearchInput>;

const listed = (value: unknown) =>
  typeof value === "string" ? value.split(",").map((part) => part.trim()).filter((part) => part !== "") : value;
const spoken = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => value === "true" ? true : value === "false" ? false : value, schema);
const counted = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => typeof value === "string" && value.trim() !== "" ? Number(value) : value, schema);

/** The query of search-personalized: the same, flat; lists are written with commas. */
export const SearchQuery = z.strictObject({
  q: paging.q,
  facets: z.preprocess(listed, paging.facets),
  limit: counted(paging.limit),
  offset: counted(paging.offset),
  personalize: spoken(paging.personalize),
  explain: spoken(paging.explain),
  categories: z.preprocess(listed, filters.categories),
  vendors: z.preprocess(listed, filters.vendors),
  attributes: z.preprocess(listed, filters.attributes),
  excludeAttributes: z.preprocess(listed, filters.excludeAttributes),
  brands: z.preprocess(listed, filters.brands),
  minPrice: counted(filters.minPrice),
  maxPrice: counted(filters.maxPrice),
  inSeason: spoken(filters.inSeason),
  inStock: spoken(filters.inStock),
  ...momentFields,
}).refine(priceRange, rangeIssue);

const counts = z.array(z.object({ value: z.string(), name: z.string(), count: z.number() })).optional();

/** The answer of search-personalized. */
export const SearchOutput = z.object({
  /** What events name this page by, as `listId`. */
  listId: z.string(),
  /** What was searched instead, where a word was spelt wrong. */
  correctedQuery: z.string().nullable(),
  /** No product had all the words: these have some of them. */
  relaxed: z.boolean(),
  /** How many match, as far as is counted: up to 1,500. */
  total: z.number(),
  /** Counts changes of what is known of the shopper; 0 where nothing is. */
  profileVersion: z.number(),
  isPersonal: z.boolean(),
  hits: z.array(z.object({
    product: ProductCard,
    /** 0 to 1, comparable within one answer. */
    score: z.number(),
    /** For the shopper, where their taste moved it up. */
    reason: z.string().nullable(),
    /** Does the market, or the vendor in their shop, put it here? */
    isPinned: z.boolean(),
    /** What the score is made of, each between 0 and 1 before its weight. */
    why: z.object({
      relevance: z.number(),
      personal: z.number(),
      recency: z.number(),
      popularity: z.number(),
      season: z.number(),
      /** What the moment makes of its category, from -1 to 1, and which moment says so; `personal` has it in it. */
      moment: z.object({ moment: z.string(), pull: z.number() }).nullable(),
      reasons: z.array(z.object({ trait: z.string(), share: z.number() })),
      /** Has something that the shopper clearly does not want: it stands below all others. */
      isDisliked: z.boolean(),
    }).optional(),
  })),
  facets: z.object({
    categories: counts,
    vendors: counts,
    brands: counts,
    attributes: counts,
    price: z.object({ min: z.number().nullable(), max: z.number().nullable() }).optional(),
  }).optional(),
  /** The weights it was ranked by, and the arm of a running experiment. */
  ranking: z.object({ version: z.number(), experimentId: z.string().nullable(), arm: z.string().nullable() }),
});
