import { CircuitRegistry } from "../../breaker/circuitRegistry.ts";
import { Caches } from "../../cache/caches.ts";
import type { Database } from "../../db/database.ts";
import { silentMonitor } from "../../monitor/monitor.ts";
import type { Platform } from "../../platform/platform.ts";
import type { SupabaseEnv } from "../../platform/supabaseEnv.ts";
import { seededRandom } from "../../random/seededRandom.ts";
import type { LogFields, Logger } from "../../telemetry/logger.ts";
import { systemClock } from "../../time/clock.ts";
import { cacheScope } from "../callerScope.ts";
import type { KernelServices } from "../services.ts";
import { MemoryIdempotencyStore } from "./memoryIdempotencyStore.ts";
import { MemoryRateLimitStore } from "./memoryRateLimitStore.ts";

/** One line that was logged. */
export interface LoggedLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

/** What {@link fakeServices} gives besides the services. */
export interface FakeServices extends KernelServices {
  readonly logged: LoggedLine[];
  /** What was handed to `waitUntil`, settled or not. */
  readonly background: Promise<unknown>[];
}

/** Keys for tests; the secret ones are no secrets. */
export const fakeKeys = {
  publishableKeys: { default: "sb_publishable_default", mobile: "sb_publishable_mobile" },
  secretKeys: { default: "sb_secret_default", cron: "sb_secret_cron" },
};

/** Services without a database, a clock to steer if one is given, and everything that was logged. Needs no permission. */
export function fakeServices(
  overrides: Partial<KernelServices> & { jwks?: SupabaseEnv["jwks"] } = {},
): FakeServices {
  const logged: LoggedLine[] = [];
  const background: Promise<unknown>[] = [];
  let caches: Caches | undefined;
  const { jwks = { keys: [] }, clock = systemClock, ...services } = overrides;
  const env: SupabaseEnv = { url: "http://localhost", dbUrl: "postgres://localhost/none", ...fakeKeys, jwks };
  const platform: Platform = {
    env: () => undefined,
    waitUntil: (work) => void background.push(work.catch(() => undefined)),
    onRetire: () => {},
    cpuTimeMs: () => undefined,
    denoVersion: "0.0.0",
  };
  const noDatabase = (): Database => {
    throw new Error("Cannot reach a database as this test has none");
  };
  return {
    platform,
    clock,
    random: seededRandom(1),
    log: recordingLogger(logged, {}),
    supabaseEnv: () => env,
    databaseFor: noDatabase,
    healing: () => Promise.reject(new Error("Cannot heal as this test has no database")),
    admin: noDatabase,
    flagsFor: () => ({ isOn: () => Promise.resolve(false) }),
    breakers: new CircuitRegistry({ clock }),
    monitor: silentMonitor,
    cachesFor: (caller) => (caches ??= new Caches({ clock })).scopedTo(cacheScope(caller)),
    rateLimits: new MemoryRateLimitStore(clock),
    idempotency: new MemoryIdempotencyStore(clock),
    ...services,
    logged,
    background,
  };
}

function recordingLogger(logged: LoggedLine[], fields: LogFields): Logger {
  const at = (level: LoggedLine["level"]) => (message: string, more: LogFields = {}) => {
    logged.push({ level, message, fields: { ...fields, ...more } });
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (more) => recordingLogger(logged, { ...fields, ...more }),
  };
}
