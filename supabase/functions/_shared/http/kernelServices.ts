import { denoPlatform } from "../platform/denoPlatform.ts";
import { supabaseEnv } from "../platform/supabaseEnv.ts";
import { systemRandom } from "../random/random.ts";
import type { Logger } from "../telemetry/logger.ts";
import { systemClock } from "../time/clock.ts";
import { databaseIdempotencyStore } from "./idempotencyStore.ts";
import { databaseRateLimitStore } from "./rateLimitStore.ts";
import type { KernelServices } from "./services.ts";

let made: KernelServices | undefined;

/** The services of this isolate: made at first use, and nothing is opened before it is used. */
export function kernelServices(): KernelServices {
  return made ??= makeKernelServices();
}

function makeKernelServices(): KernelServices {
  const admin = (): never => {
    throw new Error("Cannot reach the database as it is not wired yet");
  };
  const log: Logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
  return {
    platform: denoPlatform,
    clock: systemClock,
    random: systemRandom,
    log,
    supabaseEnv,
    databaseFor: admin,
    admin,
    flagsFor: admin,
    rateLimits: databaseRateLimitStore(admin),
    idempotency: databaseIdempotencyStore(admin),
  };
}
