/** The steps a roll-out usually takes, in percent. */
export const rolloutLadder = [5, 25, 50, 100] as const;

/** The next step above `percent`; `undefined` at the top. */
export function nextRolloutPercent(percent: number): number | undefined {
  return rolloutLadder.find((step) => step > percent);
}
