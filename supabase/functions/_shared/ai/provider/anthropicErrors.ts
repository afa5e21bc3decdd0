import { AiProviderError, failureOfStatus, retryAfterOf } from "./aiProviderError.ts";

const kindOfType: Readonly<Record<string, "overloaded" | "rate_limited" | "failed" | "timed_out">> = {
  overloaded_error: "overloaded",
  rate_limit_error: "rate_limited",
  timeout_error: "timed_out",
  api_error: "failed",
};

/** Tells the SDK's errors apart by what they carry, so that its classes need not be loaded to know them. */
export function toProviderError(error: unknown, nowMs: number, hasBegun: boolean): AiProviderError {
  if (error instanceof AiProviderError) return error;
  const { name, status, headers, type, message } = error as Partial<
    { name: string; status: number; headers: Headers; type: string; message: string }
  >;
  const about = `Anthropic: ${message ?? String(error)}`;
  if (typeof status === "number") {
    return new AiProviderError(failureOfStatus(status), about, {
      status,
      retryAfterMs: retryAfterOf(headers, nowMs),
      cause: error,
    });
  }
  if (hasBegun) return new AiProviderError(error instanceof SyntaxError ? "malformed" : "cut", about, { cause: error });
  if (typeof type === "string") return new AiProviderError(kindOfType[type] ?? "failed", about, { cause: error });
  if (name === "APIConnectionTimeoutError") return new AiProviderError("timed_out", about, { cause: error });
  if (name === "APIConnectionError") return new AiProviderError("unreachable", about, { cause: error });
  return new AiProviderError(error instanceof SyntaxError ? "malformed" : "cut", about, { cause: error });
}
