import { describeContext, type MomentContext } from "../track/eventContext.ts";

/**
 * The kinds of moments that `at` is one of, as what is learned of moments names them: by the shopper's clock where their time zone
 * is known, and by what they tell of the weather and the meal.
 *
 * @example
 * ```ts
 * momentsOf({ timeZone: "Europe/Berlin", weather: "rainy" }, new Date()); // ["daypart:morning", "days:workdays", ...]
 * ```
 */
export function momentsOf(context: MomentContext, at: Date): string[] {
  const { partOfDay, weekday, meal, weather } = describeContext(context, at);
  return [
    ...(partOfDay === undefined ? [] : [`daypart:${partOfDay}`]),
    ...(weekday === undefined ? [] : [`days:${weekday === "sat" || weekday === "sun" ? "weekend" : "workdays"}`]),
    ...(meal === undefined ? [] : [`meal:${meal}`]),
    ...(weather === undefined ? [] : [`weather:${weather}`]),
  ];
}
