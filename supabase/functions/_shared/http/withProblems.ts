import { defineMiddleware } from "./middleware.ts";
import type { AppError } from "../errors/appError.ts";
import { errorText } from "../errors/errorText.ts";
import { causedBy } from "../telemetry/causeScope.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Logger } from "../telemetry/logger.ts";
import { problemResponse } from "./problem.ts";
import { toAppError } from "./toAppError.ts";
import type { TraceContext } from "./traceContext.ts";

/** Options of {@link withProblems}. */
export interface WithProblemsConfig {
  /** Hears of failures on our side. */
  readonly log: Pick<Logger, "error">;
  /** Is told of them as `failure` events. @default nobody */
  readonly monitor?: Pick<KernelObserver, "happened">;
  /** Whose failures they are. @default "" */
  readonly functionName?: string;
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
  run: ({ log, monitor, functionName = "" }) =>
    function* (req, ctx) {
      const requestId = (ctx as { trace?: TraceContext }).trace?.requestId;
      const problems: Problems = {
        respond(error) {
          const problem = toAppError(error, req);
          if (problem.status >= 500) {
            report(log, problem, error, requestId);
            if (monitor !== undefined) tell(monitor, problem, req, { requestId: requestId ?? "", functionName });
          }
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

/** This stands outside of what runs on behalf of the request, so it says so itself. */
function tell(
  monitor: Pick<KernelObserver, "happened">,
  { code, status }: AppError,
  { method }: Request,
  scope: { requestId: string; functionName: string },
): void {
  causedBy(scope, () =>
    monitor.happened({
      kind: "failure",
      subject: scope.functionName,
      cause: `error:${code}`,
      detail: { status, method: method.slice(0, 20) },
    }));
}

function report(log: Pick<Logger, "error">, problem: AppError, error: unknown, requestId: string | undefined): void {
  log.error("Request failed", { requestId, code: problem.code, status: problem.status, error: errorText(error) });
}
