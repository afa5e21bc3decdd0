import type { MetricsReader, MetricWindow } from "../../monitor/metricsReader.ts";
import { schemaPollKnob } from "../../schema/schemaPollKnob.ts";
import { shareSample } from "../lifecycle/compareSamples.ts";
import { countOf, measure } from "./measures.ts";
import type { OptimizerRule } from "./optimizerRule.ts";

/** Invalidations an hour from which on the interval is looked at. */
const oftenAnHour = 10;
const fewestWrites = 500;

/** What the interval has to do with. */
interface Seen {
  readonly writes: number;
  /** Writes that met a schema which nobody had heard of: each failed once before it landed. */
  readonly surprised: number;
  /** Entries of caches that were dropped: each is read again. */
  readonly dropped: number;
}

async function look(metrics: MetricsReader, window: MetricWindow): Promise<Seen> {
  const [db, heal, cache] = await Promise.all(
    ["db.", "heal.", "cache."].map((prefix) => metrics.read(window, prefix)),
  );
  const writes = db!.series.filter(({ operation }) => /^db\.(insert|update|upsert)$/.test(operation))
    .reduce((sum, { count }) => sum + count, 0);
  const surprised = ["heal.deterministic", "heal.ai", "heal.refused"].reduce(
    (sum, name) => sum + countOf(heal!, name),
    0,
  );
  const dropped = [...cache!.counters].filter(([name]) => name.endsWith(".invalidated"))
    .reduce((sum, [, count]) => sum + count, 0);
  return { writes, surprised, dropped };
}

/** What of all writes pays for the interval: a failed try and an entry that is read again cost about the same. */
function costOf({ writes, surprised, dropped }: Seen) {
  return shareSample(Math.min(writes, surprised + dropped), writes);
}

/**
 * Caches are dropped often. Where more writes meet an unknown schema than entries are dropped, looking more often tells of
 * it earlier; otherwise the changes are none that matter to writes, and looking less often drops less.
 */
export const schemaPoll: OptimizerRule = {
  name: "schema-poll",
  summary: "Caches are dropped more than ten times an hour",

  async propose({ metrics, knobs, window }) {
    const seen = await look(metrics, window);
    const { writes, surprised, dropped } = seen;
    const anHour = dropped / ((window.toMs - window.fromMs) / 3_600_000);
    const before = costOf(seen)?.mean;
    if (anHour <= oftenAnHour || writes < fewestWrites || before === undefined) return [];
    const pollMs = knobs.read(schemaPollKnob);
    const isShorter = surprised > dropped;
    const why = isShorter
      ? "more writes meet an unknown schema than entries are dropped"
      : "entries are dropped for changes that hardly any write meets";
    return [{
      knob: schemaPollKnob,
      after: isShorter ? pollMs / 2 : pollMs * 2,
      evidence: { invalidationsAnHour: Math.round(anHour), writes, surprised, dropped, pollMs, why },
      expected: { before, after: before * 0.7, lower: before * 0.4, upper: before },
    }];
  },

  measureOf: (_knob, { metrics }) =>
    measure("failed tries and dropped entries a write", async (window) => costOf(await look(metrics, window))),
};
