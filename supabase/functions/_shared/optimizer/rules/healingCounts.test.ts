import assert from "node:assert/strict";
import type { MetricsReader, MetricWindow } from "../../monitor/metricsReader.ts";
import { advisedShare, failedShare } from "./healingCounts.ts";
import { expectShare } from "./expectShare.ts";

/** Metrics that say the same of every window, and keep which one they were asked for. */
function metricsOf(
  counters: Record<string, number>,
): MetricsReader & { readonly asked: [MetricWindow, string | undefined][] } {
  const asked: [MetricWindow, string | undefined][] = [];
  return {
    asked,
    read(window, prefix) {
      asked.push([window, prefix]);
      return Promise.resolve({ series: [], counters: new Map(Object.entries(counters)) });
    },
  };
}

const window: MetricWindow = { fromMs: 0, toMs: 9, trial: { id: "t", isTreated: true } };

Deno.test("a share of counted things is a mean of ones and zeros, with their variance", async () => {
  const metrics = metricsOf({ "heal.ai": 30, "heal.deterministic": 60, "heal.refused": 10 });
  const advised = advisedShare(metrics);
  const sample = await advised.sample(window);
  assert.deepEqual([advised.better, sample?.observations], ["lower", 90]);
  assert.ok(Math.abs(sample!.mean - 1 / 3) < 1e-9 && Math.abs(sample!.variance - 2 / 9) < 0.01);
  assert.equal((await failedShare(metrics).sample(window))?.mean, 0.1);
  assert.deepEqual(metrics.asked[0], [window, "heal."], "of the isolates that were asked about");
});

Deno.test("where nothing was counted there is nothing to see", async () => {
  assert.equal(await advisedShare(metricsOf({ "heal.refused": 5 })).sample(window), undefined);
});

Deno.test("an expectation's interval holds the value, narrows with the observations and stays a share", () => {
  const [few, many] = [expectShare(0.5, 0.1, 10), expectShare(0.5, 0.1, 1_000)];
  for (const { before, after, lower, upper } of [few, many]) {
    assert.ok(before === 0.5 && 0 <= lower && lower <= after && after <= upper && upper <= 1);
  }
  assert.ok(many.upper - many.lower < few.upper - few.lower);
  assert.ok(expectShare(1, 0, 0).upper <= 1);
});
