import type { RateLimit } from "./contract.ts";

/** `limit` requests a second and caller. */
export function perSecond(limit: number): RateLimit {
  return { limit, windowMs: 1_000 };
}

/** `limit` requests a minute and caller. */
export function perMinute(limit: number): RateLimit {
  return { limit, windowMs: 60_000 };
}

/** `limit` requests an hour and caller. */
export function perHour(limit: number): RateLimit {
  return { limit, windowMs: 3_600_000 };
}
