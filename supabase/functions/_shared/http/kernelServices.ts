import { circuitBreakerRegistry } from "../breaker/isolateCircuits.ts";
import { isolateCaches } from "../cache/isolateCaches.ts";
import { adminDatabase } from "../db/adminDatabase.ts";
import { callerDatabase } from "../db/callerDatabase.ts";
import type { Database } from "../db/database.ts";
import { sqlClient } from "../db/sqlClient.ts";
import { cachedFlagReader } from "../flags/cachedFlagReader.ts";
import { flagSubject } from "../flags/flagSubject.ts";
import { isolateFlagCache } from "../flags/isolateFlagCache.ts";
import { isolateMonitor } from "../monitor/kernelMonitor.ts";
import { isolateKnobs } from "../optimizer/knobs/isolateKnobs.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { currentIsolate } from "../platform/isolate.ts";
import { supabaseEnv } from "../platform/supabaseEnv.ts";
import { systemRandom } from "../random/random.ts";
import { watchExports } from "../telemetry/export/watchExports.ts";
import { jsonLogger } from "../telemetry/jsonLogger.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import { systemClock } from "../time/clock.ts";
import { cacheScope } from "./callerScope.ts";
import { databaseIdempotencyStore } from "./idempotencyStore.ts";
import { databaseRateLimitStore } from "./rateLimitStore.ts";
import { isolateHealing } from "./isolateHealing.ts";
import type { KernelServices } from "./services.ts";

let made: KernelServices | undefined;

/** The services of this isolate: made at first use, and nothing is opened before it is used. */
export function kernelServices(): KernelServices {
  return made ??= makeKernelServices();
}

function makeKernelServices(): KernelServices {
  const clock = systemClock;
  const log = jsonLogger({ clock });
  watchExports({ platform: denoPlatform, hub: isolateHub, isolate: () => currentIsolate().id });
  const admin = (signal?: AbortSignal): Database => adminDatabase(sqlClient(), signal === undefined ? {} : { signal });
  return {
    platform: denoPlatform,
    clock,
    random: systemRandom,
    log,
    supabaseEnv,
    databaseFor: (caller, signal) => callerDatabase(sqlClient(), caller, signal === undefined ? {} : { signal }),
    healing: () => isolateHealing(admin, log),
    admin,
    flagsFor: (caller) =>
      cachedFlagReader(isolateFlagCache({ admin, clock, log, knobs: isolateKnobs() }), flagSubject(caller)),
    breakers: circuitBreakerRegistry,
    monitor: isolateMonitor(),
    cachesFor: (caller) => isolateCaches(isolateKnobs()).scopedTo(cacheScope(caller)),
    rateLimits: databaseRateLimitStore(admin),
    idempotency: databaseIdempotencyStore(admin),
  };
}
