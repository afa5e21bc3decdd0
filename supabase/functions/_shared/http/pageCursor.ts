import { Buffer } from "node:buffer";
import * as z from "zod";
import { AppError } from "../errors/appError.ts";

/** The longest cursor there is; contracts bound theirs by it. */
export const longestCursor = 1_000;

/** The query's field for a cursor. */
export const cursorField: z.ZodOptional<z.ZodString> = z.string().max(longestCursor).optional();

/**
 * Writes down where a page has left off, for its reader to hand back. `list` names what is paged: a cursor of another list
 * is refused rather than taken for a place in this one.
 */
export function writeCursor(list: string, place: unknown): string {
  return Buffer.from(JSON.stringify([list, place])).toString("base64url");
}

/** Reads what {@link writeCursor} wrote. A cursor grants nothing: whoever forges one reads what they could read anyway. */
export function readCursor<Place extends z.ZodType>(list: string, place: Place, cursor: string): z.output<Place> {
  try {
    const [, read] = z.tuple([z.literal(list), place]).parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return read as z.output<Place>;
  } catch (cause) {
    throw new AppError("invalid_input", "Cannot go on reading as 'after' is no place that a page has left off at", {
      details: { issues: [{ path: "after", code: "custom", message: "Must be the 'next' of a page of this list" }] },
      cause,
    });
  }
}
