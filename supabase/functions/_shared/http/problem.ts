import type { AppError } from "../errors/appError.ts";
import { type ErrorCode, errorRegistry } from "../errors/errorRegistry.ts";

/** The body of an RFC 9457 answer. `code` and `details` are what programs read; `detail` is for people. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: ErrorCode;
  readonly requestId?: string;
  readonly details?: unknown;
}

/** The problem type's name for a code: a URN, as it names the kind of failure and promises no page behind it. */
export function problemType(code: ErrorCode): string {
  return `urn:ballast:problem:${code}`;
}

/** What a caller is told of an error. */
export function problemOf(error: AppError, requestId?: string): Problem {
  return {
    type: problemType(error.code),
    title: errorRegistry[error.code].title,
    status: error.status,
    detail: error.message,
    ...(requestId === undefined ? {} : { instance: `urn:ballast:request:${requestId}` }),
    code: error.code,
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

/** An error as an `application/problem+json` answer. */
export function problemResponse(error: AppError, requestId?: string): Response {
  const details = error.details as { retryAfterMs?: unknown } | undefined;
  const retryAfter: Record<string, string> = typeof details?.retryAfterMs === "number"
    ? { "retry-after": String(Math.max(1, Math.ceil(details.retryAfterMs / 1000))) }
    : {};
  return new Response(JSON.stringify(problemOf(error, requestId)), {
    status: error.status,
    headers: {
      "content-type": "application/problem+json",
      "cache-control": "no-store",
      ...(error.status === 401 ? { "www-authenticate": "Bearer" } : {}), // RFC 9110 wants a challenge with each.
      ...retryAfter,
      ...error.headers,
    },
  });
}
