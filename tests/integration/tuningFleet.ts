import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import type { MappingAdvisor } from "../../supabase/functions/_shared/ai/mappingAdvisor.ts";
import { createSelfOptimizer } from "../../supabase/functions/_shared/optimizer/createSelfOptimizer.ts";
import { KnobView } from "../../supabase/functions/_shared/optimizer/knobs/knobView.ts";
import { readTuning } from "../../supabase/functions/_shared/optimizer/knobs/readTuning.ts";
import { postgresTuningStore } from "../../supabase/functions/_shared/optimizer/lifecycle/postgresTuningStore.ts";
import type { OptimizerRule } from "../../supabase/functions/_shared/optimizer/rules/optimizerRule.ts";
import {
  createPerformanceMonitor,
  type PerformanceMonitor,
  postgresMetricsReader,
} from "../../supabase/functions/_shared/performanceMonitor.ts";
import { createResilientDb, type ResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { RecordingObserver } from "../harness/recordingObserver.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

/** An isolate with knobs, measurements and a database that heals of its own. */
export interface TunedIsolate {
  readonly id: string;
  readonly knobs: KnobView;
  readonly monitor: PerformanceMonitor;
  readonly db: ResilientDb;
}

/** Isolates that share a database, and the optimizer that tunes them. */
export interface TuningFleet extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly admin: Database;
  readonly isolates: readonly TunedIsolate[];
  readonly errors: unknown[];
  readonly optimizer: ReturnType<typeof createSelfOptimizer>;
  /** Isolates read their knobs anew. */
  refresh(): Promise<void>;
  /** Isolates write down what they measured and learned. */
  flush(): Promise<void>;
  /** All that was written happened so much earlier. */
  passTime(ms: number): Promise<void>;
}

/** Opens a fleet of real isolates' parts over one real database. */
export async function tuningFleet(
  rules: readonly OptimizerRule[],
  { size, advisor }: { size: number; advisor?: MappingAdvisor },
): Promise<TuningFleet> {
  const closing = new AsyncDisposableStack();
  const database = closing.use(await testDatabase());
  const admin = closing.use(openAdmin(database));
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const isolates = Array.from({ length: size }, (_, at): TunedIsolate => {
    const id = `isolate-${at}`;
    const knobs = new KnobView({
      source: () => () => readTuning(admin.sql),
      isolate: () => id,
      clock: systemClock,
      log: { warn: (message, fields) => onError({ message, fields }), info: () => {} },
    });
    const platform = { waitUntil: (work: Promise<unknown>) => void work.catch(onError), onRetire: () => {} };
    const monitor = createPerformanceMonitor(admin, { isolate: id, trials: () => knobs.trials(), platform, onError });
    const db = createResilientDb(admin, {
      ...(advisor === undefined ? {} : { advisor, ai: "apply" }),
      observer: monitor,
      knobs,
      schemaPollMs: 0,
      waitUntil: platform.waitUntil,
      onError,
    });
    closing.defer(() => db.close());
    return { id, knobs, monitor, db };
  });
  const optimizer = createSelfOptimizer({
    store: postgresTuningStore(admin),
    rules,
    database: admin,
    metrics: postgresMetricsReader(admin.sql),
    observer: new RecordingObserver(),
  });
  return {
    ...{ database, admin, isolates, errors, optimizer },
    async refresh() {
      for (const { knobs } of isolates) await knobs.refresh();
    },
    async flush() {
      for (const { db, monitor } of isolates) {
        await db.flush();
        await monitor.flush();
      }
    },
    async passTime(ms) {
      const passed = `${ms} milliseconds`;
      for (const [table, columns] of Object.entries(written)) {
        await database.sql.unsafe(
          `update resilience.${table} set ${columns.map((name) => `${name} = ${name} - $1::interval`).join(", ")}`,
          [passed],
        );
      }
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

const written: Readonly<Record<string, readonly string[]>> = {
  optimization_log: [
    ...["proposed_at", "lead_began_at", "trial_began_at", "window_ends_at"],
    ...["kept_at", "guard_ends_at", "guarded_at", "ended_at"],
  ],
  metric_samples: ["starts_at"],
  counter_samples: ["starts_at"],
  healing_events: ["healed_at"],
};
