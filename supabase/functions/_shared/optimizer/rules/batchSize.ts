import { chunkSizeKnob } from "../../healing/batch/batchKnobs.ts";
import type { MeasuredWindow } from "../../monitor/metricsReader.ts";
import { nextDirection } from "./climb.ts";
import { countOf, measure, totalOf } from "./measures.ts";
import type { OptimizerRule, Sample } from "./optimizerRule.ts";

const operation = "db.batch.chunk";
/** Fewer chunks say nothing. */
const fewestChunks = 200;
/** Where so many chunks fail, large ones cost more than they save: each is cut again and again. */
const oftenFails = 0.05;

/** Rows travel in chunks: larger ones save round trips, until they no longer do. Only trying tells. */
export const batchSize: OptimizerRule = {
  name: "batch-size",
  summary: "Another number of rows a statement may write more of them in the same time",

  async propose({ metrics, knobs, window, past = [] }) {
    const seen = await metrics.read(window, operation);
    const { count, failures } = totalOf(seen, operation);
    const cost = costOf(seen);
    if (cost === undefined || count < fewestChunks) return [];
    const size = knobs.read(chunkSizeKnob);
    const direction = nextDirection(chunkSizeKnob.name, past, failures / count > oftenFails ? "down" : "up");
    if (direction === undefined) return [];
    // The last step's gain, and half of it as what the next one may bring; ten percent where nothing was tried.
    const gained = past.find(({ knob, state }) => knob === chunkSizeKnob.name && state === "kept")?.relativeDifference;
    const gain = Math.min(0.4, Math.abs(gained ?? -0.2) / 2);
    return [{
      knob: chunkSizeKnob,
      after: direction === "up" ? size * 2 : size / 2,
      evidence: {
        ...{ chunks: count, failedChunks: failures, chunkSize: size },
        ...{ rowsPerSecond: Math.round(1_000 / cost.mean), rows: countOf(seen, `${operation}.rows`) },
      },
      expected: {
        before: cost.mean,
        after: cost.mean * (1 - gain),
        lower: cost.mean * (1 - 3 * gain),
        upper: cost.mean,
      },
    }];
  },

  measureOf: (_knob, { metrics }) =>
    measure("milliseconds a row of batches", async (window) => costOf(await metrics.read(window, operation))),
};

/** Milliseconds a row. A chunk is one observation, spread over the rows that an average one has. */
function costOf(window: MeasuredWindow): Sample | undefined {
  const { count, sumMs, sumSquares } = totalOf(window, operation);
  const rows = countOf(window, `${operation}.rows`);
  if (count < 2 || !(rows > 0)) return undefined;
  const mean = sumMs / rows;
  const variance = Math.max(0, sumSquares - sumMs ** 2 / count) / (count - 1);
  return { mean, variance: variance / (rows / count) ** 2, observations: count };
}
