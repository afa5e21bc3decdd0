import { defineMiddleware } from "./middleware.ts";
import type { AppError } from "../errors/appError.ts";
import { errorText } from "../errors/errorText.ts";
import type { Logger } from "../telemetry/logger.ts";
import { problemResponse } from "./problem.ts";
import { toAppError } from "./toAppError.ts";
import type { TraceContext } from "./traceContext.ts";

/** Options of {@link withProblems}. */
export interface WithProblemsConfig {
  /** Hears of failures on our side. */
  readonly log: Pick<Logger, "error">;
}

/** How errors leave. */
export interface Problems {
  /** The answer for an error. */
  respond(error: unknown): Response;
}

/**
 * Answers whatever is thrown further in as `application/problem+json`. What is not an `AppError` and not an error that
 * Postgres names becomes `internal`; its words go to the log and nowhere else.
 */
export const withProblems = defineMiddleware<"problems", WithProblemsConfig, Record<never, never>, Problems>({
  key: "problems",
  run: ({ log }) =>
    function* (req, ctx) {
      const requestId = (ctx as { trace?: TraceContext }).trace?.requestId;
      const problems: Problems = {
        respond(error) {
          const problem = toAppError(error, req);
          if (problem.status >= 500) report(log, problem, error, requestId);
          return problemResponse(problem, requestId);
        },
      };
      try {
        return yield { problems };
      } catch (error) {
        return problems.respond(error);
      }
    },
});

function report(log: Pick<Logger, "error">, problem: AppError, error: unknown, requestId: string | undefined): void {
  log.error("Request failed", { requestId, code: problem.code, status: problem.status, error: errorText(error) });
}
