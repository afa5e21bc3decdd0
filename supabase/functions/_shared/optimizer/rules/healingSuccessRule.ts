import type { SqlTag } from "../../db/database.ts";
import { matcherThreshold } from "../../healing/evidence/matcherEvidence.ts";
import { demoteBelowKnob, promoteAtKnob } from "../../healing/patterns/patternKnobs.ts";
import type { NumberKnob } from "../knobs/knob.ts";
import type { KnobReader } from "../knobs/knobReader.ts";
import { countHealing, failedShare } from "./healingCounts.ts";
import type { OptimizerRule, Proposal } from "./optimizerRule.ts";
import { expectShare } from "./expectShare.ts";

const leastSuccess = 0.9;
const fewestHeals = 20;
const fewestSigns = 5;
/** Of what points one way and what points the other, so much must point the same. */
const clearly = 0.8;

interface Signs {
  /** Heals by the matcher, and by patterns, that were taken back or whose mapping was rejected. */
  readonly matcher_lax: number;
  readonly pattern_lax: number;
  /** Keys that were set aside though the matcher, or a pattern on probation, had the column that a person has approved since. */
  readonly matcher_strict: number;
  readonly pattern_strict: number;
}

/** Where fewer than nine in ten heal, the ledger tells whether thresholds are too strict or too lax: they move one step. */
export const healingSuccessRule: OptimizerRule = {
  name: "healing-success",
  summary: "Thresholds of patterns and of the matcher follow what people approved and took back",

  async propose({ database: { sql }, knobs, window }) {
    const counts = await countHealing(sql, window);
    const healed = counts.advised + counts.deterministic - counts.undone;
    const all = counts.advised + counts.deterministic + counts.rescued + counts.dead;
    if (all < fewestHeals || healed / all >= leastSuccess) return [];
    const signs = await readSigns(sql, window);
    const evidence = { heals: all, healed, success: healed / all, ...signs };
    const propose = (knob: NumberKnob, lax: number, strict: number): Proposal[] => {
      const after = stepOf(knob, knobs, lax, strict);
      if (after === undefined) return [];
      // Too strict: what was set aside will heal. Too lax: what was taken back will be set aside, which is the lesser harm.
      const failures = 1 - healed / all;
      const gain = Math.max(lax, strict) / all / 2;
      return [{ knob, after, evidence, expected: expectShare(failures, Math.max(0, failures - gain), all) }];
    };
    return [
      ...propose(matcherThreshold, signs.matcher_lax, signs.matcher_strict),
      ...propose(promoteAtKnob, signs.pattern_lax, signs.pattern_strict),
      // What is active already and wrong goes sooner; never later, as nothing points that way.
      ...propose(demoteBelowKnob, signs.pattern_lax, 0),
    ];
  },

  measureOf: (_knob, { metrics }) => failedShare(metrics),
};

/** One step up where it is clearly too lax, one down where it is clearly too strict; nothing at the end of the bounds. */
function stepOf(knob: NumberKnob, knobs: KnobReader, lax: number, strict: number): number | undefined {
  const signs = lax + strict;
  if (signs < fewestSigns || Math.max(lax, strict) / signs < clearly) return undefined;
  const now = knobs.read(knob);
  const amount = "amount" in knob.step ? knob.step.amount : now * (knob.step.factor - 1);
  const next = Math.min(knob.highest, Math.max(knob.lowest, now + (lax > strict ? amount : -amount)));
  const after = Number(next.toFixed(6));
  return after === now ? undefined : after;
}

async function readSigns(sql: SqlTag, { fromMs, toMs }: { fromMs: number; toMs: number }): Promise<Signs> {
  const [row] = await sql<{ [Name in keyof Signs]: number }>`
    with heal as (
      select h.table_oid, h.from_name, h.to_name, h.strategy, h.alternatives, h.undone_at
      from resilience.healing_events h
      where h.healed_at >= ${new Date(fromMs)}::timestamptz and h.healed_at < ${new Date(toMs)}::timestamptz
        and h.diagnosis = 'unknown_column' and h.from_name is not null
      order by h.healed_at desc limit 50000
    ),
    judged as (
      select distinct heal.table_oid, heal.from_name, heal.strategy, heal.to_name is null as is_aside,
        heal.undone_at is not null or no.id is not null as is_wrong,
        -- What the matcher thought best, and what a pattern on probation said, stands among what was considered.
        exists (select from jsonb_array_elements(heal.alternatives) said
          where said ->> 'strategy' = 'matcher'
            and said -> 'alternatives' -> 0 ->> 'reason' in ('low confidence', 'low margin')
            and said -> 'alternatives' -> 1 ->> 'column' = yes.target_column) as was_near,
        exists (select from jsonb_array_elements(heal.alternatives) said, jsonb_array_elements(said -> 'alternatives') had
          where said ->> 'strategy' = 'pattern' and had ->> 'state' = 'probation'
            and had ->> 'column' = yes.target_column) as was_on_probation
      from heal
      left join resilience.healing_patterns no on no.table_oid = heal.table_oid and no.key = heal.from_name
        and no.target_column = heal.to_name and no.state = 'rejected'
      left join resilience.healing_patterns yes on yes.table_oid = heal.table_oid and yes.key = heal.from_name
        and yes.state = 'approved'
    )
    select count(*) filter (where not is_aside and strategy = 'matcher' and is_wrong)::integer as matcher_lax,
      count(*) filter (where not is_aside and strategy = 'pattern' and is_wrong)::integer as pattern_lax,
      count(*) filter (where is_aside and was_near)::integer as matcher_strict,
      count(*) filter (where is_aside and was_on_probation)::integer as pattern_strict
    from judged`;
  return row ?? { matcher_lax: 0, pattern_lax: 0, matcher_strict: 0, pattern_strict: 0 };
}
