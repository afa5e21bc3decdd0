import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { checkSchema } from "./schema/checkSchema.ts";
import { schemaChange, shownChange } from "./schema/schemaSchemas.ts";

/** Nothing has to be said. */
export const CheckSchemaNowInput = z.strictObject({}).default({});

/** What was found. */
export const CheckSchemaNowOutput = z.object({
  version: z.number(),
  hash: z.string(),
  /** Nobody had recorded it before. */
  isNew: z.boolean(),
  changes: z.array(schemaChange),
  rescopedPatterns: z.number(),
  expiredPatterns: z.number(),
});

/** Looks at the schema at once, as after a migration. */
export async function checkSchemaNow(
  _input: z.output<typeof CheckSchemaNowInput>,
  { admin, clock, log }: Pick<RequestContext, "admin" | "clock" | "log">,
): Promise<z.input<typeof CheckSchemaNowOutput>> {
  const onError = (error: unknown) => log.warn("A listener of the schema failed", { error: String(error) });
  const { changes, ...check } = await checkSchema(admin, { clock, onError });
  return { ...check, changes: changes.map(shownChange) };
}
