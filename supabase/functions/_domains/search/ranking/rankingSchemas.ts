import * as z from "zod";

const text = (longest: number) =>
  z.string().min(1).max(longest).refine((value) => !value.includes("\0"), "Must not contain the character NUL");
const share = z.number().min(0).max(1);

/** Whose ranking: a vendor's own shop, or, with the secret key, the market. @default the market */
const scope = { vendorId: z.guid().optional() } as const;
const version = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
/** The version the caller has seen in force. @default any */
const expectedVersion = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional();

const weights = z.strictObject({
  relevance: share.min(0.1),
  personal: share,
  recency: share,
  popularity: share,
  season: share,
  /** What a hit loses for each of the last few that is of its vendor. */
  diversity: z.number().min(0).max(0.2).default(0.02),
}).refine(
  ({ relevance, personal, recency, popularity, season }) =>
    Math.abs(relevance + personal + recency + popularity + season - 1) < 0.001,
  "Must sum to 1, diversity apart",
);

export const ReadRankingInput = z.strictObject(scope);

/** A new version of the weights. */
export const AddRankingInput = z.strictObject({
  ...scope,
  weights,
  note: text(500).optional(),
  /** False: kept for an experiment. */
  activate: z.boolean().default(true),
  expectedVersion,
});

/** Puts a version in force, a new one or an old one again. */
export const ActivateRankingInput = z.strictObject({ ...scope, version, expectedVersion });

const pin = z.strictObject({
  productId: z.guid(),
  query: text(200).optional(),
  /** A slug: acts where the category is browsed. */
  category: text(100).optional(),
  action: z.enum(["pin", "bury"]),
  place: z.int().min(1).max(20).default(1),
  startsAt: z.iso.datetime().optional(),
  endsAt: z.iso.datetime().optional(),
}).refine(
  ({ query, category }) => (query === undefined) !== (category === undefined),
  "Must name a query or a category, and not both",
);
const synonyms = z.strictObject({ term: text(100), meanings: z.array(text(100)).min(1).max(10) });

/** A pin, or synonyms. */
export const PutRuleInput = z.strictObject({ ...scope, pin: pin.optional(), synonyms: synonyms.optional() }).refine(
  ({ pin, synonyms }) => (pin === undefined) !== (synonyms === undefined),
  "Must bring a pin or synonyms, and not both",
);

export const RemoveRuleInput = z.strictObject({ ...scope, id: z.guid() });

/** Everything that is in force in a scope, and how it came to be. */
export const RankingOutput = z.object({
  /** `null`: the market's holds here. */
  active: z.number().nullable(),
  versions: z.array(z.object({
    version: z.number(),
    weights: z.object({
      relevance: z.number(),
      personal: z.number(),
      recency: z.number(),
      popularity: z.number(),
      season: z.number(),
      diversity: z.number(),
    }),
    note: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
  })),
  activations: z.array(z.object({ version: z.number(), activatedBy: z.string(), activatedAt: z.string() })),
  pins: z.array(z.object({
    id: z.string(),
    query: z.string().nullable(),
    category: z.string().nullable(),
    productId: z.string(),
    action: z.enum(["pin", "bury"]),
    place: z.number(),
    startsAt: z.string(),
    endsAt: z.string().nullable(),
  })),
  synonyms: z.array(z.object({ id: z.string(), term: z.string(), meanings: z.array(z.string()) })),
});
