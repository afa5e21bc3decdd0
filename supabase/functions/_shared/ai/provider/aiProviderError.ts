import { parseRetryAfter } from "../../policies/retryAfterOf.ts";

/** What is known of a kind of failure. */
interface FailureFacts {
  /** Can the same call succeed a moment later? */
  readonly isRetryable: boolean;
  /** Is it certain that nothing is billed? */
  readonly isFree: boolean;
  /** Does it tell of the provider's health? A circuit does not open because our key is wrong or our quota used up. */
  readonly countsForCircuit: boolean;
}

const facts = (isRetryable: boolean, isFree: boolean, countsForCircuit: boolean): FailureFacts => ({
  isRetryable,
  isFree,
  countsForCircuit,
});

/** Each kind of failure: is it retried, is it free, does it count for the circuit? */
const failures = {
  invalid_request: facts(false, true, false),
  unauthorized: facts(false, true, false),
  unpaid: facts(false, true, false),
  forbidden: facts(false, true, false),
  unknown_model: facts(false, true, false),
  too_large: facts(false, true, false),
  rate_limited: facts(true, true, false),
  overloaded: facts(true, true, true),
  failed: facts(true, true, true),
  unreachable: facts(true, true, true),
  /** From here on the model may have been at work: nobody knows what is billed. */
  timed_out: facts(false, false, true),
  cut: facts(false, false, true),
  malformed: facts(false, false, true),
} as const satisfies Record<string, FailureFacts>;

/** In which way a call of a model failed. */
export type AiFailureKind = keyof typeof failures;

/** A call of a model that failed. Its message is for the operator: it may repeat what the provider said. */
export class AiProviderError extends Error {
  readonly kind: AiFailureKind;
  readonly status: number | undefined;
  /** How long the provider asks us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: AiFailureKind,
    message: string,
    options: { status?: number | undefined; retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AiProviderError";
    this.kind = kind;
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs;
  }

  get isRetryable(): boolean {
    return failures[this.kind].isRetryable;
  }

  get isFree(): boolean {
    return failures[this.kind].isFree;
  }

  get countsForCircuit(): boolean {
    return failures[this.kind].countsForCircuit;
  }
}

const kindOfStatus: Readonly<Record<number, AiFailureKind>> = {
  401: "unauthorized",
  402: "unpaid",
  403: "forbidden",
  404: "unknown_model",
  408: "timed_out",
  413: "too_large",
  429: "rate_limited",
  503: "overloaded",
  504: "timed_out",
  529: "overloaded",
};

/** The kind of failure that an HTTP status stands for. */
export function failureOfStatus(status: number): AiFailureKind {
  return kindOfStatus[status] ?? (status >= 500 ? "failed" : "invalid_request");
}

const longestWaitMs = 3_600_000;

/** How long `Retry-After` (seconds, or a date) or `retry-after-ms` asks to wait. */
export function retryAfterOf(headers: Headers | undefined, nowMs: number): number | undefined {
  const inMs = Number(headers?.get("retry-after-ms") ?? "");
  if (inMs > 0) return Math.min(longestWaitMs, inMs);
  const waitMs = parseRetryAfter(headers?.get("retry-after"), nowMs);
  return waitMs === undefined ? undefined : Math.min(longestWaitMs, waitMs);
}
