import { mealAt, type MomentContext } from "../../supabase/functions/_domains/personalization/track/eventContext.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";

const dayMs = 86_400_000;

/** What it is like outside: by half of the year, as likely as it is often named. */
const weathers = {
  warm: ["hot", "hot", "sunny", "sunny", "sunny", "cloudy", "rainy"],
  cool: ["cold", "cold", "rainy", "rainy", "cloudy", "sunny", "snowy"],
} as const;

/** The weather of the demo's days, the same everywhere: by the first moment of a day. */
export function demoWeather(seed: number): (atMs: number) => NonNullable<MomentContext["weather"]> {
  const known = new Map<number, NonNullable<MomentContext["weather"]>>();
  return (atMs) => {
    const day = Math.floor(atMs / dayMs);
    const weather = known.get(day) ?? drawWeather(seed, day);
    known.set(day, weather);
    return weather;
  };
}

function drawWeather(seed: number, day: number): NonNullable<MomentContext["weather"]> {
  const month = new Date(day * dayMs).getUTCMonth();
  const likely = month >= 4 && month <= 8 ? weathers.warm : weathers.cool;
  return likely[Math.floor(seededRandom(seed * 65_537 + day).next() * likely.length)]!;
}

/** What a client would tell of the moment. */
export function demoContext(atMs: number, weather: MomentContext["weather"]): MomentContext {
  return { timeZone: "UTC", weather, meal: mealAt(new Date(atMs).getUTCHours()) };
}
