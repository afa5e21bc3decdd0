interface Carrier {
  readonly retryAfterMs?: unknown;
  readonly details?: unknown;
  readonly headers?: unknown;
  readonly response?: unknown;
}

/**
 * In how many milliseconds a dependency wants to be asked again, where its error says so: as `retryAfterMs`, on itself or
 * in its `details`, or as the header `Retry-After` (seconds or a date) of itself or of its `response`.
 */
export function retryAfterOf(error: unknown, nowMs: number): number | undefined {
  if (!isObject(error)) return undefined;
  const { retryAfterMs, details, headers, response } = error;
  return fit(retryAfterMs) ??
    (isObject(details) ? fit(details.retryAfterMs) : undefined) ??
    parseRetryAfter(headerOf(headers), nowMs) ??
    (isObject(response) ? parseRetryAfter(headerOf(response.headers), nowMs) : undefined);
}

/** The milliseconds that a `Retry-After` header means. */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  if (header === null || header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1_000;
  const at = /^\w+, .+ GMT$/.test(header) ? Date.parse(header) : NaN; // `Date.parse` makes a date of "1.5", too.
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

function isObject(value: unknown): value is Carrier {
  return typeof value === "object" && value !== null;
}

function fit(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function headerOf(headers: unknown): string | undefined {
  if (headers instanceof Headers) return headers.get("retry-after") ?? undefined;
  if (typeof headers !== "object" || headers === null) return undefined;
  const entry = Object.entries(headers).find(([name]) => name.toLowerCase() === "retry-after");
  return typeof entry?.[1] === "string" ? entry[1] : undefined;
}
