import type { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import type { CallerCaches } from "../cache/caches.ts";
import type { Database } from "../db/database.ts";
import type { FlagReader } from "../flags/flagReader.ts";
import type { Monitor } from "../monitor/monitor.ts";
import type { Platform } from "../platform/platform.ts";
import type { SupabaseEnv } from "../platform/supabaseEnv.ts";
import type { Random } from "../random/random.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { Caller } from "./caller.ts";
import type { HealingSource } from "./callerDb.ts";
import type { IdempotencyStore } from "./idempotencyStore.ts";
import type { RateLimitStore } from "./rateLimitStore.ts";

/**
 * What functions are made of, passed in so that tests bring their own. Making it opens nothing and reads no environment;
 * its members do so when they are first used.
 */
export interface KernelServices {
  readonly platform: Platform;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** The project's settings. Throws where they are incomplete. */
  supabaseEnv(): SupabaseEnv;
  /** The database under a caller's claims; statements end when the signal aborts. */
  databaseFor(caller: Caller, signal?: AbortSignal): Database;
  /** What callers' writes heal with: one for the isolate, loaded at its first write. */
  readonly healing: HealingSource;
  /** The database with all rights. */
  admin(signal?: AbortSignal): Database;
  flagsFor(caller: Caller): FlagReader;
  /** This isolate's circuits, shared by the fleet. */
  readonly breakers: CircuitRegistry;
  /** What this isolate measures itself with. */
  readonly monitor: Monitor;
  /** This isolate's caches, as far as they are the caller's. */
  cachesFor(caller: Caller): CallerCaches;
  readonly rateLimits: RateLimitStore;
  readonly idempotency: IdempotencyStore;
}
