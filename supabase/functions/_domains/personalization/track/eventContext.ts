import * as z from "zod";
import { plainText } from "./plainText.ts";
import { formatterOf, timeZone } from "./timeZone.ts";

/** What can be said of a moment, by events and by questions alike. */
export const momentFields = {
  /** Says which day and hour it is where the shopper is. */
  timeZone: timeZone.optional(),
  /** As the client sees it outside. */
  weather: z.enum(["sunny", "cloudy", "rainy", "snowy", "hot", "cold"]).optional(),
  /** What it is for. @default derived from the hour, where the time zone is known */
  meal: z.enum(["breakfast", "lunch", "dinner", "snack"]).optional(),
} as const;

/** What can be said of a moment. */
export interface MomentContext {
  readonly timeZone?: string | undefined;
  readonly weather?: z.output<typeof momentFields.weather>;
  readonly meal?: z.output<typeof momentFields.meal>;
}

/** What a client knows of the moment. */
export const EventContext = z.strictObject({
  ...momentFields,
  device: z.enum(["mobile", "desktop", "tablet"]).optional(),
  /** Where in the client it happened, such as product-page. */
  page: plainText(60).optional(),
});

/** What a client knows of the moment. */
export type EventContext = z.output<typeof EventContext>;

/** A context with what follows from it. */
export interface DescribedContext extends EventContext {
  readonly hour?: number;
  readonly partOfDay?: "morning" | "midday" | "evening" | "night";
  readonly weekday?: string;
  readonly month?: number;
}

/** The context as it is kept: with the shopper's hour, weekday and month, where their time zone is known. */
export function describeContext(context: EventContext, occurredAt: Date): DescribedContext {
  const formatter = context.timeZone === undefined ? undefined : formatterOf(context.timeZone);
  if (formatter === undefined) return context;
  const parts = new Map(formatter.formatToParts(occurredAt).map(({ type, value }) => [type, value]));
  const hour = Number(parts.get("hour"));
  const meal = context.meal ?? mealAt(hour);
  return {
    ...context,
    ...(meal === undefined ? {} : { meal }),
    hour,
    partOfDay: partOfDay(hour),
    weekday: parts.get("weekday")!.toLowerCase(),
    month: Number(parts.get("month")),
  };
}

function partOfDay(hour: number): NonNullable<DescribedContext["partOfDay"]> {
  if (hour < 5 || hour >= 22) return "night";
  if (hour < 11) return "morning";
  return hour < 17 ? "midday" : "evening";
}

/** The meal that is had at an hour of the day. */
export function mealAt(hour: number): NonNullable<EventContext["meal"]> | undefined {
  if (hour >= 6 && hour < 10) return "breakfast";
  if (hour >= 11 && hour < 14) return "lunch";
  return hour >= 17 && hour < 21 ? "dinner" : undefined;
}
