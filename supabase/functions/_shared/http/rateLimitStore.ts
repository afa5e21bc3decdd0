import type { Database } from "../db/database.ts";

/** What the fleet's bucket gave. */
export interface TokenLease {
  /** Tokens given, from 0 up to what was asked for. */
  readonly granted: number;
  /** Tokens left in the bucket. */
  readonly remaining: number;
  /** Where fewer were given than asked for: when there is one again. */
  readonly retryAfterMs: number;
}

/** A bucket that the whole fleet shares. */
export interface RateLimitStore {
  /** Takes up to `wanted` tokens out of `bucket`, which holds `limit` and fills up again over `windowMs`. */
  lease(bucket: string, limit: number, windowMs: number, wanted: number): Promise<TokenLease>;
}

/** Buckets in Postgres, by its clock: one statement a lease. */
export function databaseRateLimitStore(database: () => Database): RateLimitStore {
  return {
    async lease(bucket, limit, windowMs, wanted) {
      const [row] = await database().sql<{ granted: number; remaining: number; retry_after_ms: number }>`
        select granted, remaining, retry_after_ms
        from resilience.lease_tokens(${bucket}, ${limit}::integer, ${windowMs}::integer, ${wanted}::integer)`;
      if (row === undefined) throw new Error(`Cannot lease tokens for '${bucket}' as the database gave no row`);
      return { granted: row.granted, remaining: row.remaining, retryAfterMs: row.retry_after_ms };
    },
  };
}
