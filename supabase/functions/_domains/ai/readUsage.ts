import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { promptName } from "./aiSchemas.ts";
import { usagePage, type UsagePlace } from "./usagePage.ts";

/** The query of ai-usage. Days are UTC's. */
export const ReadUsageInput = z.strictObject({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** Such as `user:<id>` or `secret:<name of the key>`. */
  caller: z.string().min(1).max(300).optional(),
  prompt: promptName.optional(),
  /** Rows of a page. */
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** Where the page before has left off: its `next`. */
  after: z.string().max(1_000).optional(),
});

const count = z.number().nonnegative();

/** Spend by day, caller and prompt, newest day first. */
export const ReadUsageOutput = z.object({
  rows: z.array(z.object({
    day: z.iso.date(),
    caller: z.string(),
    prompt: z.string(),
    /** Calls whose outcome is booked. */
    calls: count,
    /** Calls on their way, or lost with their isolate. */
    open: count,
    estimated: count,
    inputTokens: count,
    outputTokens: count,
    cacheReadTokens: count,
    cacheWriteTokens: count,
    costMicroUsd: count,
  })),
  /** `null` on the last page. */
  next: z.string().nullable(),
});

const Place = z.tuple([z.iso.date(), z.string(), z.string()]);

/** Reads what callers have spent, a page at a time. */
export async function readUsage(
  { limit, after, ...filter }: z.output<typeof ReadUsageInput>,
  { admin }: Pick<RequestContext, "admin">,
): Promise<z.input<typeof ReadUsageOutput>> {
  const rows = await usagePage(
    admin.sql,
    { ...filter, after: after === undefined ? undefined : readPlace(after) },
    limit + 1,
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? writePlace(last) : null };
}

function writePlace({ day, caller, prompt }: UsagePlace): string {
  return encodeURIComponent(JSON.stringify([day, caller, prompt]));
}

function readPlace(text: string): UsagePlace {
  try {
    const [day, caller, prompt] = Place.parse(JSON.parse(decodeURIComponent(text)));
    return { day, caller, prompt };
  } catch (cause) {
    throw new AppError("invalid_input", "Cannot go on reading as 'after' is no place that a page has left off at", {
      details: { issues: [{ path: "after", code: "custom", message: "Must be the 'next' of a page" }] },
      cause,
    });
  }
}
