import { systemClock } from "../time/clock.ts";
import { parseRetryAfter } from "./retryAfterOf.ts";

/** Statuses by which a dependency says that it failed, not that the request was wrong. */
const failures = new Set([408, 425, 429, 500, 502, 503, 504]);

/** A dependency answered that it failed. */
export class DependencyError extends Error {
  readonly status: number;
  /** In how many milliseconds it wants to be asked again, where it says so. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, options: { retryAfterMs?: number | undefined } = {}) {
    super(`Cannot use the dependency's answer as its status is ${status}`);
    this.name = "DependencyError";
    this.status = status;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/**
 * Makes a failure of a response that tells of one: `fetch` takes a 503 for a success, and so would every policy around it.
 * Other statuses pass, 404 and the like among them: the dependency works.
 *
 * @example
 * ```ts
 * const response = await retry().execute(({ signal }) => answerOf(fetch("https://example.com", { signal })));
 * ```
 */
export async function answerOf(response: Response | PromiseLike<Response>, clock = systemClock): Promise<Response> {
  const answer = await response;
  if (!failures.has(answer.status)) return answer;
  await answer.body?.cancel(); // Nobody reads it, and it would hold the connection.
  throw new DependencyError(answer.status, {
    retryAfterMs: parseRetryAfter(answer.headers.get("retry-after"), clock.now()),
  });
}
