import * as z from "zod";
import { EventContext } from "./eventContext.ts";
import { plainText } from "./plainText.ts";
import { signals } from "./signals.ts";

const count = (most: number) => z.number().int().min(1).max(most);

/** What can be said of an event. */
export const eventFields = {
  /** Made by the client, and the same when it sends the event again: it counts once. */
  eventId: z.guid(),
  type: z.enum(signals),
  /** When it happened: at most 30 days ago. @default now */
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  productId: z.guid().optional(),
  /** What the shopper was looking for. */
  query: plainText(200).optional(),
  /** The list it happened in: the `listId` of a search, the `recommendationId` of recommendations. */
  listId: z.guid().optional(),
  /** Where in the list the product stood, counted from 1. */
  position: count(10_000).optional(),
  resultsShown: z.number().int().min(0).max(10_000).optional(),
  /** What stood in the list, in order, where the server has not made the list. */
  shown: z.array(z.guid()).max(200).optional(),
  /** How much of it was bought or put into the cart. */
  quantity: z.number().positive().max(100_000).refine(
    (amount) => Math.abs(amount * 1_000 - Math.round(amount * 1_000)) < 1e-6 && amount >= 0.001,
    "Must have at most three decimals",
  ).optional(),
  context: EventContext.optional(),
};

/** Something a shopper did. */
export const TrackEvent = z.strictObject(eventFields).superRefine(({ type, productId, listId, shown }, issues) => {
  if (productId === undefined && type !== "impression") {
    issues.addIssue({
      code: "custom",
      path: ["productId"],
      message: `Must say which product it is that '${type}' is about`,
    });
  }
  if (productId === undefined && type === "impression" && listId === undefined && shown === undefined) {
    issues.addIssue({
      code: "custom",
      path: ["listId"],
      message: "Must say what was seen: productId, listId or shown",
    });
  }
});

/** Something a shopper did. */
export type TrackEvent = z.output<typeof TrackEvent>;
