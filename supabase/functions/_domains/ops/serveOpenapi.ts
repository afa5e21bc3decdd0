import * as z from "zod";
import { supabaseEnv } from "../../_shared/platform/supabaseEnv.ts";

/** An OpenAPI document, as far as it is looked into. */
export const ServeOpenapiOutput = z.looseObject({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })),
});

/** The document as it was generated: where it is served is not known then. */
export type OpenapiDocument = Readonly<Record<string, unknown>> & { readonly openapi: string };

/** Serves the document, with the address that this project's functions have. */
export function serveOpenapi(document: OpenapiDocument, projectUrl: () => string = () => supabaseEnv().url) {
  return (): z.output<typeof ServeOpenapiOutput> => ({
    ...document,
    servers: [{ url: `${projectUrl().replace(/\/+$/, "")}/functions/v1` }],
  });
}
