import * as z from "zod";

/** What both bench functions take and give. */
export const NoteQuery = z.strictObject({ id: z.coerce.number().int().positive() });

/** One row. */
export const Note = z.strictObject({ id: z.number().int(), owner: z.string(), body: z.string() });

/** One row as the database gives it. */
export type NoteRow = z.infer<typeof Note>;
