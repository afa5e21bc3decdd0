import type { NumberKnob } from "../../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import { measure } from "../../../supabase/functions/_shared/optimizer/rules/measures.ts";
import { momentsSample } from "../../../supabase/functions/_shared/optimizer/lifecycle/compareSamples.ts";
import type { OptimizerRule } from "../../../supabase/functions/_shared/optimizer/rules/optimizerRule.ts";
import { noise, type World } from "../../harness/simulatedFleet.ts";

/** A knob that a rule turns whatever comes of it. */
export const lever: NumberKnob = {
  name: "test.lever",
  kind: "number",
  summary: "A lever of the test",
  defaultValue: 10,
  lowest: 2,
  highest: 100,
  step: { factor: 2 },
};

/** What makes a fleet hard to read. */
export interface Trace {
  /** What one doubling of the lever does to the durations: 0.2 makes them a fifth longer. */
  readonly harm: number;
  readonly spread: number;
  /** Wanted of the lever, whatever comes of it; one after the other. */
  readonly wanted: readonly number[];
  /** From this hour on everything takes so many times as long. */
  readonly shiftAtHour: number;
  readonly shiftTimes: number;
  /** Load goes up and down within so many hours. */
  readonly swingHours: number;
  /** What one isolate measures, instead of what is. */
  readonly poison: number | undefined;
  /** From this hour on. */
  readonly poisonedAtHour?: number;
  /** Isolates that are treated say nothing. */
  readonly isArmSilent: boolean;
  /** Isolates that are treated say that all is well. */
  readonly isLying: boolean;
}

/** A fleet that goes through all that, and a rule that never learns. */
export function adversary(trace: Trace): World {
  let asked = 0;
  const rule: OptimizerRule = {
    name: "never-learns",
    summary: "It wants what it wants",
    propose: () => {
      const after = trace.wanted[asked++ % trace.wanted.length]!;
      const expected = { before: 100, after: 50, lower: 10, upper: 90 };
      return Promise.resolve([{ knob: lever, after, evidence: { asked }, expected }]);
    },
    measureOf: (_knob, { metrics }) =>
      measure("milliseconds of work", async (window) => {
        const { series } = await metrics.read(window, "work");
        const [one] = series;
        return one && momentsSample(one.count, one.sumMs, one.sumSquares);
      }),
  };
  let beganAtMs: number | undefined;
  return {
    rules: [rule],
    work(shift, { knobs, number, nowMs, random }) {
      beganAtMs ??= nowMs;
      const hour = (nowMs - beganAtMs) / 3_600_000;
      const value = knobs.read(lever);
      const isTurned = value !== lever.defaultValue;
      if (isTurned && trace.isArmSilent) return;
      const base = 100 * (hour >= trace.shiftAtHour ? trace.shiftTimes : 1);
      const factor = trace.isLying ? (isTurned ? 0.5 : 1) : (1 + trace.harm) ** Math.log2(value / lever.defaultValue);
      const calls = Math.round(10 + 8 * Math.sin(2 * Math.PI * hour / trace.swingHours));
      const work = Array.from(
        { length: calls },
        () =>
          number === 0 && trace.poison !== undefined && hour >= (trace.poisonedAtHour ?? 0)
            ? trace.poison
            : base * factor * Math.exp(trace.spread * noise(random)),
      );
      shift.calls.set("work", work);
    },
  };
}
