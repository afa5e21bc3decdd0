import { circuitBreakerRegistry } from "../../_shared/breaker/isolateCircuits.ts";
import { denoPlatform } from "../../_shared/platform/denoPlatform.ts";
import { isHosted } from "../../_shared/platform/isHosted.ts";
import { systemRandom } from "../../_shared/random/random.ts";
import { systemClock } from "../../_shared/time/clock.ts";
import { readBigQuerySettings } from "./bigQuerySettings.ts";
import { bigQuerySink } from "./bigQuerySink.ts";
import type { EventSink } from "./eventSink.ts";
import type { FlushPorts } from "./flushEvents.ts";

/** An isolate's sink, with its access token; another environment means another isolate. */
let sink: EventSink | undefined;

/** Opens what a run needs; throws where the environment describes a sink that cannot be. */
export function openFlushPorts(): FlushPorts {
  if (sink === undefined) {
    const settings = readBigQuerySettings((name) => denoPlatform.env(name), { isHosted: isHosted() });
    if (settings !== undefined) sink = bigQuerySink(settings, systemClock);
  }
  return { sink, breakers: circuitBreakerRegistry, random: systemRandom };
}
