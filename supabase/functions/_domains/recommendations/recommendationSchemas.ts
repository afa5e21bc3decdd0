import * as z from "zod";
import { ProductCard } from "../commerce/ports.ts";
import { momentFields } from "../personalization/ports.ts";
import { recommendationKinds } from "./recommendationRequest.ts";

/** The longest row there is. */
export const longestRow = 50;

const list = (most: number, of: string) =>
  z.preprocess(
    (value) => typeof value === "string" ? value.split(",").filter((part) => part !== "") : value,
    z.array(z.guid()).max(most),
  ).describe(`Ids of ${of}, one after another with commas, or the parameter several times`);

const needsProduct: ReadonlySet<string> = new Set(["similar", "bought-together", "quantity"]);

/** The query of recommendations. */
export const ReadRecommendationsInput = z.strictObject({
  kind: z.enum(recommendationKinds).default("for-you"),
  /** What others are to be similar to or to go with; for `quantity`, what is about to be taken. */
  productId: z.guid().optional(),
  /** What is in the cart, for `bought-together`. */
  productIds: list(20, "products").optional(),
  limit: z.coerce.number().int().min(1).max(longestRow).default(12),
  /** Leaves out what the shopper has bought before. */
  excludeBought: z.stringbool().default(false),
  /** Products that are not to be shown, such as those on the page already. */
  exclude: list(100, "products").optional(),
  /** Only products of this vendor. */
  vendorId: z.guid().optional(),
  /** What moment it is: what the shopper wants at such moments comes first. The time zone says which day it is, too. @default UTC, and no hour */
  ...momentFields,
}).superRefine(({ kind, productId, productIds = [] }, issues) => {
  const fail = (path: string, message: string) => issues.addIssue({ code: "custom", path: [path], message });
  if (productId !== undefined && productIds.length > 0) fail("productId", "Must not come with productIds");
  if (productIds.length > 1 && kind !== "bought-together") fail("productIds", `Must be one product for '${kind}'`);
  const isNamed = productId !== undefined || productIds.length > 0;
  if (needsProduct.has(kind) && !isNamed) fail("productId", `Must be given for '${kind}'`);
  if (!needsProduct.has(kind) && isNamed) fail("productId", `Must not be given for '${kind}'`);
});

/** The answer of recommendations. */
export const ReadRecommendationsOutput = z.object({
  /** What feedback, and events as `listId`, name this row by. */
  recommendationId: z.string(),
  kind: z.enum(recommendationKinds),
  /** False where nothing is known of the shopper: the row is what anybody would see. */
  isPersonal: z.boolean(),
  items: z.array(z.object({
    product: ProductCard,
    /** 0 to 1, comparable within a row, and never growing along it. */
    score: z.number(),
    /** Why it is shown, for the shopper. */
    reason: z.string(),
    source: z.enum([
      "model",
      "bought-together",
      "taste",
      "habit",
      "peers",
      "moment",
      "popular",
      "season",
      "trending",
      "similar",
      "discovery",
    ]),
    /** How much to offer, where the shopper has a habit. */
    quantity: z.number().optional(),
  })),
  /** The item-item model that took part, where there is one. */
  model: z.object({ version: z.number() }).nullable(),
});
