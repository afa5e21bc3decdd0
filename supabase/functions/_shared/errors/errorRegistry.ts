import * as z from "zod";

/** What one kind of failure looks like from outside. */
export interface ErrorKind {
  readonly status: number;
  readonly title: string;
  /** The shape of `details` in the answer, where the kind has any. */
  readonly details?: z.ZodType;
}

const issues = z.object({
  issues: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
});
const retryAfter = z.object({ retryAfterMs: z.number() });

/**
 * Every error the suite answers with: code -> status -> title -> details. The problem+json answer, the OpenAPI
 * document and the clients' types come out of this table. Codes are for programs and never change their meaning.
 */
export const errorRegistry = {
  // the request as such
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  malformed_utf8: { status: 400, title: "The body is not valid UTF-8" },
  invalid_input: { status: 422, title: "The input does not fit the contract", details: issues },
  unsupported_media_type: {
    status: 415,
    title: "The content type is not supported",
    details: z.object({ received: z.string().nullable(), supported: z.array(z.string()) }),
  },
  body_too_large: { status: 413, title: "The body is too large", details: z.object({ limitBytes: z.number() }) },
  method_not_allowed: {
    status: 405,
    title: "The method is not allowed here",
    details: z.object({ allowed: z.array(z.string()) }),
  },
  function_not_found: {
    status: 404,
    title: "There is no such function",
    details: z.object({ nearest: z.array(z.string()) }),
  },
  not_found: { status: 404, title: "There is no such thing" },
  invalid_idempotency_key: { status: 400, title: "The Idempotency-Key is not usable" },

  // who asks
  missing_credentials: {
    status: 401,
    title: "Credentials are missing",
    details: z.object({ accepted: z.array(z.string()) }),
  },
  invalid_token: { status: 401, title: "The token is not valid" },
  expired_token: { status: 401, title: "The token has expired" },
  invalid_api_key: { status: 401, title: "The API key is not valid here" },
  wrong_credentials: {
    status: 401,
    title: "The credentials are of the wrong kind",
    details: z.object({ accepted: z.array(z.string()) }),
  },
  forbidden: { status: 403, title: "The caller may not do this" },
  auth_unavailable: {
    status: 503,
    title: "The keys that tokens are checked with cannot be fetched",
    details: retryAfter,
  },

  // agreement between calls
  conflict: { status: 409, title: "The change conflicts with what is there" },
  idempotency_key_reused: { status: 422, title: "The Idempotency-Key was used with another body" },
  request_in_progress: {
    status: 409,
    title: "The first request with this Idempotency-Key is still running",
    details: retryAfter,
  },
  rate_limited: { status: 429, title: "Too many requests", details: retryAfter },

  // models
  ai_budget_exceeded: {
    status: 429,
    title: "The day's budget for models is used up",
    details: z.object({ scope: z.enum(["caller", "project"]), retryAfterMs: z.number() }),
  },
  ai_unavailable: { status: 503, title: "No model can be asked at the moment", details: retryAfter },
  ai_answer_unusable: { status: 502, title: "The model's answer cannot be used" },

  // nobody is left to read the answer: 499 as nginx logs it, so that logs tell it from our own failures
  client_gone: { status: 499, title: "The client left before the answer" },

  // our side
  internal: { status: 500, title: "Something failed on our side" },
  misconfigured: { status: 500, title: "The function is not configured completely" },
  invalid_output: { status: 500, title: "The answer did not fit the contract" },
  function_failed_to_load: { status: 503, title: "The function could not be loaded" },
  database_unavailable: { status: 503, title: "The database cannot be reached", details: retryAfter },
  unhealthy: {
    status: 503,
    title: "A critical check failed",
    details: z.looseObject({
      checks: z.record(z.string(), z.looseObject({ status: z.enum(["pass", "warn", "fail"]) })),
    }),
  },
  overloaded: { status: 503, title: "The service is overloaded", details: retryAfter },
  deadline_exceeded: {
    status: 504,
    title: "The answer took too long",
    details: z.object({ deadlineMs: z.number() }),
  },
} as const satisfies Record<string, ErrorKind>;

/** The code of a failure, as programs see it. */
export type ErrorCode = keyof typeof errorRegistry;

/** The details that errors of kind `Code` carry; `undefined` for kinds without. */
export type ErrorDetails<Code extends ErrorCode> = (typeof errorRegistry)[Code] extends
  { readonly details: infer Schema extends z.ZodType } ? z.input<Schema> : undefined;
