import type { Circuit } from "../../breaker/circuit.ts";
import { AppError } from "../../errors/appError.ts";
import { AiProviderError } from "../provider/aiProviderError.ts";

/** The error that a caller is told of a call that failed: never in a provider's words. */
export function toAiAppError(error: unknown, circuit: Pick<Circuit, "state">): AppError {
  if (error instanceof AppError) return error;
  if (!(error instanceof AiProviderError)) {
    return unavailable("Cannot ask a model as none is to be asked at the moment", circuit.state().retryAfterMs, error);
  }
  switch (error.kind) {
    case "malformed":
      return new AppError("ai_answer_unusable", "Cannot use the model's answer as it is broken", { cause: error });
    case "unauthorized":
    case "unpaid":
    case "forbidden":
    case "unknown_model":
      return new AppError("misconfigured", "Cannot ask a model as the provider does not let the function in", {
        cause: error,
      });
    case "invalid_request":
    case "too_large":
      return new AppError("internal", "Cannot ask a model as the provider refuses the question", { cause: error });
    default:
      return unavailable("Cannot ask a model as the provider does not answer", error.retryAfterMs, error);
  }
}

/** Is another answer called for? Not where the caller asked too much, or for what there is not. */
export function isOutage(error: unknown): boolean {
  return error instanceof AppError && (error.code === "ai_unavailable" || error.code === "ai_answer_unusable");
}

function unavailable(message: string, retryAfterMs: number | undefined, cause: unknown): AppError {
  return new AppError("ai_unavailable", message, { details: { retryAfterMs: retryAfterMs ?? 1_000 }, cause });
}
