import { afterDeadlockKnob, collisionWaitKnob, maxTriesKnob } from "../../healing/retry/retryKnobs.ts";
import { shareSample } from "../lifecycle/compareSamples.ts";
import { countOf, durationMeasure, measure, totalOf } from "./measures.ts";
import type { OptimizerRule, Proposal } from "./optimizerRule.ts";

const operation = "db.transaction";
const fewest = 200;
/** Retries per transaction from which on the first wait is too short. */
const often = 0.1;
/** And up to which a wait longer than the default is for nothing. */
const seldom = 0.005;
/** Retries per transaction that are a storm: victims meet again as soon as they are back. */
const storm = 0.3;
/** So many transactions that fail for good are worth another try. */
const manyLost = 0.01;

/**
 * Transactions collide: those that wait too short collide again, those that wait too long are slow, and in a storm those
 * that met a deadlock do better one by one. Isolation is never touched: what a transaction may rely on is not for an
 * optimizer to decide.
 */
export const conflictRate: OptimizerRule = {
  name: "conflict-rate",
  summary: "Transactions collide more, or less, than their waits are made for",

  async propose({ metrics, knobs, window }) {
    const seen = await metrics.read(window, "db.");
    const { count, failures, sumMs } = totalOf(seen, operation);
    if (count < fewest) return [];
    const retried = countOf(seen, "db.retried");
    const rate = retried / count;
    const [waitMs, tries] = [knobs.read(collisionWaitKnob), knobs.read(maxTriesKnob)];
    const evidence = {
      transactions: count,
      failed: failures,
      retried,
      retriesPerTransaction: round(rate),
      waitMs,
      tries,
    };
    const meanMs = sumMs / count;
    const proposals: Proposal[] = [];
    const wanted = rate > often
      ? waitMs * 2
      : rate < seldom && waitMs > collisionWaitKnob.defaultValue
      ? waitMs / 2
      : undefined;
    if (wanted !== undefined) {
      const expected = { before: meanMs, after: meanMs * 0.9, lower: meanMs * 0.6, upper: meanMs };
      proposals.push({ knob: collisionWaitKnob, after: wanted, evidence, expected });
    }
    if (rate > storm && knobs.read(afterDeadlockKnob) === "retry") {
      const expected = { before: meanMs, after: meanMs * 0.7, lower: meanMs * 0.3, upper: meanMs };
      proposals.push({ knob: afterDeadlockKnob, after: "queue", evidence, expected });
    }
    const lost = failures / count;
    if (rate > often && lost > manyLost) {
      const expected = { before: lost, after: lost * 0.6, lower: 0, upper: lost };
      proposals.push({ knob: maxTriesKnob, after: tries + 1, evidence, expected });
    }
    return proposals;
  },

  measureOf: (knob, { metrics }) =>
    knob === maxTriesKnob.name
      ? measure("transactions that fail for good", async (window) => {
        const { count, failures } = totalOf(await metrics.read(window, operation), operation);
        return shareSample(failures, count);
      })
      : durationMeasure(metrics, operation),
};

function round(value: number): number {
  return Number(value.toPrecision(3));
}
