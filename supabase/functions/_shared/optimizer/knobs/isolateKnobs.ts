import { adminDatabase } from "../../db/adminDatabase.ts";
import { sqlClient } from "../../db/sqlClient.ts";
import { denoPlatform } from "../../platform/denoPlatform.ts";
import { currentIsolate } from "../../platform/isolate.ts";
import { jsonLogger } from "../../telemetry/jsonLogger.ts";
import { systemClock } from "../../time/clock.ts";
import { KnobView } from "./knobView.ts";
import { readTuning } from "./readTuning.ts";

let cached: KnobView | undefined;

/** This isolate's view of the knobs, made at first use. Where the platform names no database each holds its default. */
export function isolateKnobs(): KnobView {
  return cached ??= new KnobView({
    source: () => {
      const hasDatabase = ["BALLAST_DB_URL", "SUPABASE_DB_URL"].some((name) => denoPlatform.env(name) !== undefined);
      return hasDatabase ? () => readTuning(adminDatabase(sqlClient()).sql) : undefined;
    },
    isolate: () => currentIsolate().id,
    clock: systemClock,
    log: jsonLogger(),
  });
}
