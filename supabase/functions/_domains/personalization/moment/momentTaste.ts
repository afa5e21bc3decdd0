/** What a moment makes of a category. */
export interface MomentTaste {
  /** Between -1 and 1: wanted less, or more, than it is anyway. */
  readonly pull: number;
  /** The kind of moment that says most of it, such as weather:rainy. */
  readonly moment: string;
  /** Is it known of the shopper, and not of others? */
  readonly isOwn: boolean;
}

/** A row of `personalization.moment_tastes`. */
export type MomentRow = readonly [categoryId: string, pull: number, moment: string, isOwn: boolean];

/** What the moment makes of categories; empty where nothing is known of it. */
export type MomentTastes = ReadonlyMap<string, MomentTaste>;

/** Rows by their category. */
export function toMomentTastes(rows: readonly MomentRow[]): MomentTastes {
  return new Map(rows.map(([categoryId, pull, moment, isOwn]) => [categoryId, { pull, moment, isOwn }]));
}

/** From here on a moment is worth naming. */
const telling = 0.25;

const times: Readonly<Record<string, string>> = {
  "daypart:morning": "in the morning",
  "daypart:midday": "at midday",
  "daypart:evening": "in the evening",
  "daypart:night": "at night",
  "days:workdays": "on working days",
  "days:weekend": "at the weekend",
  "weather:sunny": "when the sun shines",
  "weather:cloudy": "when it is cloudy",
  "weather:rainy": "when it rains",
  "weather:snowy": "when it snows",
  "weather:hot": "when it is hot",
  "weather:cold": "when it is cold",
};

/** A moment as a reason for the shopper; `undefined` where it says too little, or has no words. */
export function momentReason(taste: MomentTaste | undefined): string | undefined {
  if (taste === undefined || taste.pull < telling) return undefined;
  const { moment, isOwn } = taste;
  if (moment.startsWith("meal:")) {
    const meal = moment.slice("meal:".length);
    return isOwn ? `Often your ${meal}` : `What many have ${meal === "snack" ? "as a snack" : `for ${meal}`}`;
  }
  const time = times[moment];
  return time === undefined ? undefined : `What ${isOwn ? "you" : "many"} like ${time}`;
}
