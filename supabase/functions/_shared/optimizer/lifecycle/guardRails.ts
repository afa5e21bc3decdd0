import type { StoredKnob } from "../knobs/storedKnob.ts";
import type { Change } from "./change.ts";
import type { Draft, Veto } from "./tuningStore.ts";

/** What guard rails look at. */
export interface GuardRailFacts {
  readonly nowMs: number;
  readonly cooldownMs: number;
  readonly stored: StoredKnob | undefined;
  /** Changes that have ended, or are kept, the latest first. */
  readonly past: readonly Change[];
  readonly vetoes: readonly Veto[];
}

/** Cooldowns double up to so many times. */
const mostDoublings = 3;

/** Why this change may not be tried, for a human; undefined where nothing stands in its way. */
export function refusalOf(draft: Draft, facts: GuardRailFacts): string | undefined {
  const { nowMs, stored, vetoes } = facts;
  if (stored?.isTunable === false) return "The knob is opted out of tuning";
  const { pin } = stored ?? {};
  if (pin !== undefined && (pin.untilMs === undefined || pin.untilMs > nowMs)) {
    return `The knob is pinned by ${pin.by}: ${pin.reason}`;
  }
  const veto = vetoes.find(({ knob, rule, untilMs }) =>
    (knob === "*" || knob === draft.knob.name) && (rule === "*" || rule === draft.rule) &&
    (untilMs === undefined || untilMs > nowMs)
  );
  if (veto !== undefined) return `${veto.by} has vetoed the rule on this knob: ${veto.reason}`;
  const untilMs = cooldownEnd(draft, facts);
  return untilMs > nowMs
    ? `The same was tried or taken back lately; not again before ${new Date(untilMs).toISOString()}`
    : undefined;
}

/**
 * Until when this knob may not be turned this way: after tries that came to nothing twice as long each time, and after a
 * change was kept for the way back.
 */
export function cooldownEnd(draft: Pick<Draft, "knob" | "direction" | "after">, facts: GuardRailFacts): number {
  const ofKnob = facts.past.filter(({ knob }) => knob === draft.knob.name);
  const sameWay = ofKnob.filter(({ direction, trialBeganAtMs, state }) =>
    direction === draft.direction && (trialBeganAtMs !== undefined || state === "vetoed" || state === "abandoned")
  );
  const firstKept = sameWay.findIndex(({ state }) => state === "kept");
  const failures = firstKept === -1 ? sameWay : sameWay.slice(0, firstKept);
  const lastFailure = failures[0];
  const afterFailure = lastFailure === undefined ? -Infinity : (lastFailure.endedAtMs ?? facts.nowMs) +
    facts.cooldownMs * 2 ** Math.min(failures.length - 1, mostDoublings);
  const kept = ofKnob.find(({ state }) => state === "kept");
  const isWayBack = kept !== undefined && kept.direction !== draft.direction;
  const afterKeep = isWayBack ? (kept.keptAtMs ?? facts.nowMs) + facts.cooldownMs : -Infinity;
  return Math.max(afterFailure, afterKeep);
}
