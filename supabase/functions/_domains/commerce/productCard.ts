import * as z from "zod";

/** A product as it is shown. */
export const ProductCard = z.object({
  id: z.string(),
  name: z.string(),
  vendorId: z.string(),
  vendorName: z.string(),
  categoryId: z.string(),
  /** The category's slug. */
  category: z.string(),
  brand: z.string().nullable(),
  price: z.number(),
  currency: z.string(),
  unit: z.string(),
  unitSize: z.number(),
  attributes: z.array(z.string()),
  rating: z.number().nullable(),
  inSeason: z.boolean(),
  stock: z.enum(["in", "low"]),
});

/** A product as it is shown. */
export type ProductCard = z.output<typeof ProductCard>;
