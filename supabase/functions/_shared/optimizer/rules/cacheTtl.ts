import type { NumberKnob } from "../knobs/knob.ts";
import { countOf, shareMeasure } from "./measures.ts";
import type { OptimizerRule, RuleContext } from "./optimizerRule.ts";

const fewestLookups = 1_000;
/** Below this hit rate a longer time may help. */
const seldomHit = 0.8;
/** From this share of stale answers on a shorter time may help. */
const oftenStale = 0.05;
/** Where so many of the misses follow an invalidation, a longer time would change nothing. */
const mostlyInvalidated = 0.5;

/** The lookups of one cache. */
async function lookups(name: string, { metrics, window }: Pick<RuleContext, "metrics" | "window">) {
  const seen = await metrics.read(window, `cache.${name}.`);
  const of = (what: string) => countOf(seen, `cache.${name}.${what}`);
  const [hits, misses, stale, invalidated] = [of("hit"), of("miss"), of("stale"), of("invalidated")];
  return { hits, misses, stale, invalidated, all: hits + misses + stale };
}

/**
 * Entries that run out before anybody asks again are kept longer; where answers are often stale they are kept shorter. The
 * bounds of the cache's knob say how old an answer may be at all.
 */
export function cacheTtl(knobs: readonly NumberKnob[]): OptimizerRule {
  const nameOf = (knob: string) => knob.slice("cache.".length, knob.lastIndexOf("."));
  return {
    name: "cache-ttl",
    summary: "A cache's entries run out too early, or are kept too long",

    async propose(context) {
      const proposals = await Promise.all(knobs.map(async (knob) => {
        const { hits, misses, stale, invalidated, all } = await lookups(nameOf(knob.name), context);
        if (all < fewestLookups) return [];
        const ttlMs = context.knobs.read(knob);
        const [missRate, staleRate] = [misses / all, stale / all];
        const evidence = { lookups: all, hits, misses, stale, invalidated, ttlMs };
        if (staleRate > oftenStale && missRate < 1 - seldomHit) {
          const expected = { before: missRate, after: missRate, lower: 0, upper: missRate + staleRate };
          return [{ knob, after: ttlMs / 2, evidence, expected }];
        }
        if (missRate <= 1 - seldomHit || invalidated > mostlyInvalidated * misses) return [];
        const expected = { before: missRate, after: missRate * 0.7, lower: missRate * 0.4, upper: missRate };
        return [{ knob, after: ttlMs * 2, evidence, expected }];
      }));
      return proposals.flat();
    },

    measureOf(knob, { metrics }) {
      const prefix = `cache.${nameOf(knob)}.`;
      const among = ["hit", "miss", "stale"].map((what) => prefix + what);
      return shareMeasure(metrics, `lookups of ${nameOf(knob)} that miss`, { of: `${prefix}miss`, among, prefix });
    },
  };
}
