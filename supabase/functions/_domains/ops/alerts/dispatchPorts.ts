import { defaultAiLimits } from "../../../_shared/ai/budget/postgresAiBudget.ts";
import { readAlertSinks } from "../../../_shared/alerts/alertSettings.ts";
import type { ConfiguredSink } from "../../../_shared/alerts/alertSink.ts";
import type { AlertCondition } from "../../../_shared/alerts/alertCondition.ts";
import { allConditions } from "../../../_shared/alerts/conditions/allConditions.ts";
import { sinkUrl } from "../../../_shared/alerts/sinks/sinkUrl.ts";
import type { CircuitRegistry } from "../../../_shared/breaker/circuitRegistry.ts";
import { circuitBreakerRegistry } from "../../../_shared/breaker/isolateCircuits.ts";
import { denoPlatform } from "../../../_shared/platform/denoPlatform.ts";
import { isHosted } from "../../../_shared/platform/isHosted.ts";
import { type Random, systemRandom } from "../../../_shared/random/random.ts";

/** What alerts-dispatch needs besides the database. */
export interface DispatchPorts {
  readonly conditions: readonly AlertCondition[];
  readonly sinks: readonly ConfiguredSink[];
  readonly breakers: Pick<CircuitRegistry, "getBreaker">;
  readonly random: Random;
  readonly aiProjectMicroUsd: number | undefined;
  /** Whom to tell after each run that it was made. @default nobody */
  readonly watchdog?: URL | undefined;
}

/** Opens them for a run. */
export function openDispatchPorts(): DispatchPorts {
  const env = (name: string) => denoPlatform.env(name);
  const hosted = isHosted();
  return {
    conditions: allConditions,
    sinks: readAlertSinks(env, { isHosted: hosted }),
    breakers: circuitBreakerRegistry,
    random: systemRandom,
    aiProjectMicroUsd: projectLimit(env("BALLAST_AI_PROJECT_MICRO_USD")),
    watchdog: watchdogOf(env("BALLAST_ALERT_WATCHDOG_URL"), hosted),
  };
}

/** As the functions that ask models read it; what they refuse to read is no limit that could be used up. */
function projectLimit(text: string | undefined): number | undefined {
  if (text === undefined) return defaultAiLimits.projectMicroUsd;
  const limit = Number(text);
  return Number.isSafeInteger(limit) ? limit : undefined;
}

/** One that makes no sense is left alone: the watchdog, not hearing from us, says so. */
function watchdogOf(text: string | undefined, hosted: boolean): URL | undefined {
  try {
    return text === undefined ? undefined : sinkUrl(text, { isHosted: hosted });
  } catch {
    return undefined;
  }
}
