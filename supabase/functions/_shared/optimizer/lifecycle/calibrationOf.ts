import type { Change } from "./change.ts";

/** How well a rule knows what its changes bring. */
export interface Calibration {
  readonly rule: string;
  /** Changes of which an effect was measured. */
  readonly measured: number;
  /** How many of them came out within the interval that was expected. */
  readonly within: number;
  readonly kept: number;
  readonly reverted: number;
  /** The mean of measured less expected, as a share of the value before. */
  readonly bias: number | undefined;
}

/** What each rule expected beside what came. */
export function calibrationOf(changes: readonly Change[]): Calibration[] {
  const rules = [...new Set(changes.map(({ rule }) => rule))].sort();
  return rules.map((rule) => {
    const own = changes.filter((change) => change.rule === rule);
    const seen = own.flatMap(({ measured, expected }) => measured === undefined ? [] : [{ measured, expected }]);
    const within = seen.filter(({ measured, expected }) =>
      measured.treated >= expected.lower && measured.treated <= expected.upper
    );
    const misses = seen.filter(({ expected }) => expected.before !== 0)
      .map(({ measured, expected }) => (measured.treated - expected.after) / Math.abs(expected.before));
    return {
      rule,
      measured: seen.length,
      within: within.length,
      kept: own.filter(({ state }) => state === "kept").length,
      reverted: own.filter(({ state }) => state === "reverted").length,
      bias: misses.length === 0 ? undefined : misses.reduce((sum, miss) => sum + miss, 0) / misses.length,
    };
  });
}
