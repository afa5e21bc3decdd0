import * as z from "zod";

/** Formatters by zone: making one takes a hundred times what using it takes. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The formatter of a zone; undefined where there is no such zone. */
export function formatterOf(timeZone: string): Intl.DateTimeFormat | undefined {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      hour: "numeric",
      weekday: "short",
      month: "numeric",
    });
    // Some 600 zones, but offsets such as +01:23 are zones as well: bounded, as callers name them.
    if (formatters.size < 1_000) formatters.set(timeZone, made);
    return made;
  } catch {
    return undefined;
  }
}

/** The name of a time zone, such as Europe/Berlin. */
export const timeZone = z.string().max(64).refine(
  (name) => formatterOf(name) !== undefined,
  "Must be a time zone's name, such as Europe/Berlin",
);
