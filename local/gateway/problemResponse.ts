import { type ErrorCode, errorRegistry } from "../../supabase/functions/_shared/errors/errorRegistry.ts";
import { problemType } from "../../supabase/functions/_shared/http/problem.ts";

/** What a problem says beyond its code. */
export interface ProblemOptions {
  readonly details?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

/** An RFC 9457 answer of the gateway itself, in the shape the functions answer with. */
export function problemResponse(code: ErrorCode, detail: string, options: ProblemOptions = {}): Response {
  const { status, title } = errorRegistry[code];
  const body = { type: problemType(code), title, status, code, detail, details: options.details };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/problem+json",
      "access-control-allow-origin": "*",
      "cache-control": "no-store",
      ...options.headers,
    },
  });
}
