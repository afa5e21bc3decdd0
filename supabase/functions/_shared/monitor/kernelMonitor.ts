import { adminDatabase } from "../db/adminDatabase.ts";
import { sqlClient } from "../db/sqlClient.ts";
import { isolateKnobs } from "../optimizer/knobs/isolateKnobs.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { currentIsolate } from "../platform/isolate.ts";
import { systemRandom } from "../random/random.ts";
import { errorText } from "../errors/errorText.ts";
import { jsonLogger } from "../telemetry/jsonLogger.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import { systemClock } from "../time/clock.ts";
import { IsolateMonitor } from "./isolateMonitor.ts";
import type { Monitor } from "./monitor.ts";
import { postgresTelemetryStore } from "./postgresTelemetryStore.ts";

let made: Monitor | undefined;

/**
 * This isolate's monitor, made at first use: from then on it hears of all that the kernel tells. Nothing is connected, and no
 * environment read, before it has something to write.
 */
export function isolateMonitor(): Monitor {
  return made ??= makeMonitor();
}

function makeMonitor(): Monitor {
  const log = jsonLogger();
  const monitor = new IsolateMonitor({
    store: postgresTelemetryStore((signal) => adminDatabase(sqlClient(), { signal })),
    isolate: () => currentIsolate().id,
    trials: () => isolateKnobs().trials(),
    clock: systemClock,
    random: systemRandom,
    waitUntil: (work) => denoPlatform.waitUntil(work),
    onError: (error) => log.warn("Telemetry was not written", { error: errorText(error) }),
  });
  isolateHub.watch(monitor);
  denoPlatform.onRetire(() => denoPlatform.waitUntil(monitor.flush()));
  return monitor;
}
