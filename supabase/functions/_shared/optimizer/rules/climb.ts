import type { PastChange } from "./optimizerRule.ts";

/**
 * Which way to try next where only trying tells: on the way that has proved itself, the other way after it no longer
 * does, and nowhere once both have come to nothing since the last success.
 */
export function nextDirection(
  knob: string,
  past: readonly PastChange[],
  first: "up" | "down",
): "up" | "down" | undefined {
  const other = { up: "down", down: "up" } as const;
  const ofKnob = past.filter((change) => change.knob === knob);
  const kept = ofKnob.findIndex(({ state }) => state === "kept");
  const since = new Set((kept === -1 ? ofKnob : ofKnob.slice(0, kept)).map(({ direction }) => direction));
  const proven = kept === -1 ? first : ofKnob[kept]!.direction === "down" ? "down" : "up";
  if (!since.has(proven)) return proven;
  // Behind what was just kept lies what it was better than.
  return kept === -1 && !since.has(other[proven]) ? other[proven] : undefined;
}
