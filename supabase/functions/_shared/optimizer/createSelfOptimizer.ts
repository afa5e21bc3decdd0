import type { Database } from "../db/database.ts";
import type { MetricsReader } from "../monitor/metricsReader.ts";
import { type Random, systemRandom } from "../random/random.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { optimizerKnobs } from "./knobs/optimizerKnobs.ts";
import { fleetKnobs } from "./knobs/storedKnob.ts";
import { proposeChanges } from "./lifecycle/proposeChanges.ts";
import { readOnlyDatabase, rehearsingStore } from "./lifecycle/rehearsal.ts";
import type { Run, RunParts, TuningReport } from "./lifecycle/runParts.ts";
import type { TuningStore } from "./lifecycle/tuningStore.ts";
import { watchChanges } from "./lifecycle/watchChanges.ts";
import type { OptimizerRule } from "./rules/optimizerRule.ts";

/** What an optimizer is made of. */
export interface SelfOptimizerDeps {
  readonly store: TuningStore;
  /** Where two propose to turn the same knob, the first is heard. */
  readonly rules: readonly OptimizerRule[];
  /** With the rights of the service. */
  readonly database: Database;
  readonly metrics: MetricsReader;
  /** Hears of each knob that is turned. @default isolateHub */
  readonly observer?: KernelObserver;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: Random;
  /** How far back evidence is looked for. @default 604_800_000 */
  readonly evidenceMs?: number;
}

/** How one run goes. */
export interface RunOptions {
  /** Say what would be done, and change nothing. @default false */
  readonly dryRun?: boolean;
  /** Only look after what is under way, and go on where a change has proved itself. @default false */
  readonly isWatchOnly?: boolean;
  readonly signal?: AbortSignal;
  /** Who decides, as the log names it. @default "optimizer" */
  readonly by?: string;
}

/** Turns knobs, checks what came of it, and takes back what made things worse. */
export interface SelfOptimizer {
  /**
   * One run. Every step is written down before the next, and each is compare-and-set: runs side by side, or one killed
   * anywhere and started again, come to the same.
   */
  run(options?: RunOptions): Promise<TuningReport>;
}

/** Makes an optimizer; nothing is read before it runs. */
export function createSelfOptimizer(deps: SelfOptimizerDeps): SelfOptimizer {
  const { observer = isolateHub, clock = systemClock, random = systemRandom, evidenceMs = 604_800_000 } = deps;
  return {
    async run({ dryRun = false, isWatchOnly = false, signal, by = "optimizer" } = {}) {
      const store = dryRun ? rehearsingStore(deps.store) : deps.store;
      const database = dryRun ? readOnlyDatabase(deps.database) : deps.database;
      const parts: RunParts = {
        ...deps,
        store,
        database,
        observer,
        clock,
        random,
        evidenceMs,
        isDryRun: dryRun,
        signal,
        by,
      };
      const run: Run = { ...parts, state: await store.read(), steps: [], failures: [] };
      const isEnabled = fleetKnobs(run.state.knobs).read(optimizerKnobs.isEnabled);
      if (isEnabled) {
        const proven = await watchChanges(run);
        const next: Run = proven.length === 0 || dryRun ? run : { ...run, state: await store.read(), steps: run.steps };
        // What has proved itself is followed by its next step; everything else is asked once in a while only.
        await proposeChanges(next, isWatchOnly ? proven : run.rules);
      }
      return { isDryRun: dryRun, isEnabled, steps: run.steps, failures: run.failures };
    },
  };
}
