import type { Bytes } from "./bytes.ts";
import { defineMiddleware } from "./middleware.ts";
import * as z from "zod";
import { AppError } from "../errors/appError.ts";
import { parseJsonBody } from "./parseJsonBody.ts";
import { parseQuery } from "./parseQuery.ts";

/** Options of {@link withInput}. */
export interface WithInputConfig {
  /** What fits. Checked synchronously: what needs the database belongs to the use case. @default nothing fits but no input */
  readonly schema?: z.ZodType | undefined;
  /** Where the input stands. */
  readonly source: "query" | "body";
}

/** So that a field sent to a method that takes none is refused like any other unknown field. */
const noInput = z.strictObject({}).optional().transform(() => undefined);

/** At most this many issues are told: a body can be wrong in a million places. */
const maxIssues = 20;

/** Checks the query or the JSON body against a schema and puts what came out at `ctx.input`. */
export const withInput = defineMiddleware<"input", WithInputConfig, { body: Bytes }, unknown>({
  key: "input",
  run: ({ schema = noInput, source }) => (req, ctx) => {
    const raw = source === "query" ? parseQuery(req.url) : parseJsonBody(ctx.body, req.headers.get("content-type"));
    const parsed = schema.safeParse(raw);
    if (!parsed.success) throw invalidInput(parsed.error);
    return { input: parsed.data };
  },
});

function invalidInput(error: z.ZodError): AppError<"invalid_input"> {
  const issues = error.issues.slice(0, maxIssues).map((issue) => ({
    path: issue.path.map(String).join("."),
    code: issue.code ?? "custom",
    message: issue.message,
  }));
  const first = issues[0];
  const where = first === undefined || first.path === "" ? "" : ` at '${first.path}'`;
  return new AppError(
    "invalid_input",
    `Cannot take the input as it does not fit the contract${where}: ${first?.message ?? "unknown"}`,
    { details: { issues } },
  );
}
