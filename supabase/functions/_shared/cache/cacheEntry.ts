import type { TagSnapshot } from "./tags/tagSnapshot.ts";

/** A value, and what it was loaded under. */
export interface CacheEntry<Value> {
  readonly value: Value;
  /** When its load began, by the isolate's monotonic clock. */
  readonly loadedAtMs: number;
  readonly tags: readonly string[];
  /** The last look at dropped tags before its load began. */
  readonly stamp: TagSnapshot | undefined;
  /** The source failed: until then it is not asked again. */
  retryAtMs: number;
  /** It was said to be past its time, whatever its age. */
  isExpired: boolean;
}

/** What a cache gives. */
export interface Found<Value> {
  readonly value: Value;
  /** The time since its load began. */
  readonly ageMs: number;
  /** It is past its time: the source fails, is slow, or is being asked anew behind the caller's back. */
  readonly isStale: boolean;
  readonly from: "memory" | "redis" | "source";
}

/** Gets a value from its source; the signal aborts when nobody waits for it any more. */
export type CacheLoad<Value> = (call: { readonly signal: AbortSignal }) => Promise<Value> | Value;

/** How a value is asked for. */
export interface CacheCallOptions {
  /** Whatever drops one of them drops the value, in all isolates: sixteen at most, of 200 characters at most. */
  readonly tags?: readonly string[];
  /** Ends the caller's waiting; the load itself ends when all who wait for it have gone. */
  readonly signal?: AbortSignal;
}
