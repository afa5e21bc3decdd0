import type { SubjectHistory } from "../../supabase/functions/_domains/ml/interactionMatrix.ts";

/** Ratings as histories: what each user liked, in the order of time. */
export interface RatedHistories {
  readonly itemCount: number;
  readonly histories: readonly SubjectHistory[];
  /** Lines that are not `user item rating timestamp`, headings among them. */
  readonly skipped: number;
}

/** Options of {@link readRatings}. */
export interface RatingOptions {
  /** Ratings below this are no liking. @default 4 where the best rating is 5 or more, else 0 */
  readonly atLeast?: number;
  /** Users with fewer liked items are left out. @default 5 */
  readonly leastItems?: number;
}

interface Rating {
  readonly user: string;
  readonly item: string;
  readonly rating: number;
  readonly time: number;
}

/**
 * Reads lines of `user item rating timestamp` apart by tabs, spaces, commas, semicolons or `::`; the timestamp may be lacking
 * (then the order of lines is time's) or be a date. What cannot be read is counted. A pair that is rated twice counts once, by the later one.
 */
export function readRatings(text: string, options: RatingOptions = {}): RatedHistories {
  const latest = new Map<string, Rating>();
  let skipped = 0;
  text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/).forEach((line, place) => {
    if (line.trim() === "" || line.trimStart().startsWith("#")) return;
    const rating = readLine(line, place);
    if (rating === undefined) {
      skipped += 1;
      return;
    }
    const pair = JSON.stringify([rating.user, rating.item]);
    const before = latest.get(pair);
    if (before === undefined || before.time <= rating.time) latest.set(pair, rating);
  });
  return { ...toHistories([...latest.values()], options), skipped };
}

function readLine(line: string, place: number): Rating | undefined {
  const separator = line.includes("::")
    ? /::/
    : line.includes("\t")
    ? /\t/
    : line.includes(",")
    ? /,/
    : line.includes(";")
    ? /;/
    : /\s+/;
  const [user, item, given, when] = line.trim().split(separator).map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
  if (!user || !item || !given) return undefined;
  const rating = Number(given);
  const time = when === undefined || when === "" ? place : Number.isNaN(Number(when)) ? Date.parse(when) : Number(when);
  return Number.isFinite(rating) && Number.isFinite(time) ? { user, item, rating, time } : undefined;
}

function toHistories(
  ratings: readonly Rating[],
  options: RatingOptions,
): Pick<RatedHistories, "itemCount" | "histories"> {
  const best = ratings.reduce((most, { rating }) => Math.max(most, rating), 0);
  const { atLeast = best >= 5 ? 4 : 0, leastItems = 5 } = options;
  const byUser = Map.groupBy(ratings.filter(({ rating }) => rating >= atLeast), ({ user }) => user);
  const numbers = new Map<string, number>();
  const histories = [...byUser.values()].filter(({ length }) => length >= leastItems).map((own) => {
    const items = own.sort((a, b) => a.time - b.time).map(({ item }) => {
      if (!numbers.has(item)) numbers.set(item, numbers.size);
      return numbers.get(item)!;
    });
    return { items };
  });
  return { itemCount: numbers.size, histories };
}
