/** Stretches of time by their names. */
export const windowSpans = { "5m": 300_000, "1h": 3_600_000, "24h": 86_400_000, "7d": 604_800_000 } as const;

/** A stretch that ends now, by its name, or from one moment until before another. */
export type MetricSpan = keyof typeof windowSpans | { readonly fromMs: number; readonly toMs: number };

/** The moments of a span. */
export function spanOf(span: MetricSpan, nowMs: number): { fromMs: number; toMs: number } {
  if (typeof span === "string") return { fromMs: nowMs - windowSpans[span], toMs: nowMs };
  const { fromMs, toMs } = span;
  if (!(fromMs < toMs && toMs - fromMs <= longestSpanMs)) {
    throw new RangeError(
      `Cannot read metrics as 'window' must begin before it ends, and last 400 days at most: got ${fromMs} to ${toMs}`,
    );
  }
  return { fromMs, toMs };
}

const longestSpanMs = 400 * 86_400_000;
