import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { cursorField, readCursor, writeCursor } from "../../_shared/http/pageCursor.ts";
import { requireSubject } from "./subject/requireSubject.ts";

/** Some 600 bytes an event: three megabytes at most. */
const pageLength = 5_000;
const list = "profile-export";
const Place = z.object({ at: z.iso.datetime({ offset: true }), id: z.guid() });

/** The query of profile-export. */
export const ExportProfileInput = z.strictObject({
  /** The `next` of the page before. */
  after: cursorField,
});

const rows = z.array(z.record(z.string(), z.unknown()));

/** Everything about the caller. What is not an event stands on the first page alone. */
export const ExportProfileOutput = z.object({
  subject: z.record(z.string(), z.unknown()).nullable().optional(),
  mergedSessions: z.array(z.string()).optional(),
  preferences: rows.optional(),
  habits: rows.optional(),
  /** Lists that were shown, the newest 5,000. */
  lists: rows.optional(),
  /** What other parts of the suite keep, by table. */
  elsewhere: z.record(z.string(), rows).optional(),
  /** What the caller did, from old to new, as it was sent and as it counted. */
  events: rows,
  /** Where the next page begins; null on the last. */
  next: z.string().nullable(),
});

/** Gives the caller everything that is kept about them. */
export async function exportProfile(
  { after }: z.output<typeof ExportProfileInput>,
  ctx: Pick<RequestContext, "db" | "caller" | "sessionKey">,
): Promise<z.input<typeof ExportProfileOutput>> {
  requireSubject(ctx, "export the profile");
  const place = after === undefined ? undefined : readCursor(list, Place, after);
  const [row] = await ctx.db.call<{ page: z.input<typeof ExportProfileOutput> & { next: unknown } }>`
    select personalization.export_me(${ctx.sessionKey ?? null}::text, ${place?.at ?? null}::text::timestamptz,
      ${place?.id ?? null}::uuid, ${pageLength}::integer) as page`;
  const { next, ...page } = row!.page;
  return { ...page, next: next === null ? null : writeCursor(list, next) };
}
