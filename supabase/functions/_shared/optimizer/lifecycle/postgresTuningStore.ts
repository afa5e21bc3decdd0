import type { Database, SqlTag } from "../../db/database.ts";
import { toJsonText } from "../../jobs/jsonText.ts";
import { type KnobRow, storedKnobOf } from "../knobs/storedKnob.ts";
import { changeOfRow, type ChangeRow } from "./changeRow.ts";
import type { Draft, StepAnswer, TuningNote, TuningStore, Veto } from "./tuningStore.ts";

interface StateRow {
  readonly now_ms: number;
  readonly knobs: KnobRow[];
  readonly open: ChangeRow[];
  readonly past: ChangeRow[];
  readonly vetoes: VetoRow[];
}

/** A row of `resilience.tuning_vetoes`, as JSON. */
export interface VetoRow {
  readonly knob: string;
  readonly rule: string;
  readonly vetoed_by: string;
  readonly reason: string;
  readonly until_at: string | null;
}

/** Cooldowns double up to eight times ninety days at most; what lies further back than two years holds nobody back. */
const pastDays = 730;

/** Changes in `resilience.optimization_log` and knobs in `resilience.tuning_parameters`; each step is one statement. */
export function postgresTuningStore(database: Pick<Database, "sql">): TuningStore {
  const { sql } = database;
  const propose = async (draft: Draft, { by, reason }: TuningNote, isRefused: boolean) => {
    const { knob, rule, direction, before, after, evidence, expected } = draft;
    const [row] = await sql<{ id: string | null; answer: StepAnswer }>`
      select id::text as id, answer from resilience.propose_change(${
      toJsonText(knob)
    }::text::jsonb, ${rule}, ${direction},
        ${toJsonText(before)}::text::jsonb, ${toJsonText(after)}::text::jsonb, ${toJsonText(evidence)}::text::jsonb, ${
      toJsonText(expected)
    }::text::jsonb,
        ${reason}, ${by}, ${isRefused})`;
    return { answer: row!.answer, id: row!.id ?? undefined };
  };
  return {
    async read() {
      const [row] = await sql<{ state: StateRow }>`
        select jsonb_build_object(
          'now_ms', extract(epoch from clock_timestamp()) * 1000,
          'knobs', coalesce((select jsonb_agg(to_jsonb(knob)) from resilience.tuning_parameters knob), '[]'),
          'open', coalesce((select jsonb_agg(to_jsonb(change) order by change.id)
            from resilience.optimization_log change where change.ended_at is null), '[]'),
          'past', coalesce((select jsonb_agg(to_jsonb(recent) - 'evidence' || '{"evidence": {}}' order by recent.id desc)
            from (select * from resilience.optimization_log change
              where change.ended_at > now() - make_interval(days => ${pastDays}::integer) and change.state <> 'refused'
              order by change.id desc limit 2000) recent), '[]'),
          'vetoes', coalesce((select jsonb_agg(to_jsonb(veto)) from resilience.tuning_vetoes veto), '[]')) as state`;
      const { now_ms, knobs, open, past, vetoes } = row!.state;
      return {
        nowMs: now_ms,
        knobs: new Map(knobs.map((knob) => [knob.name, storedKnobOf(knob)])),
        open: open.map(changeOfRow),
        past: past.map(changeOfRow),
        vetoes: vetoes.map(vetoOfRow),
      };
    },

    propose: (draft, note) => propose(draft, note, false),

    refuse: async (draft, note) => void await propose(draft, note, true),

    shadow: (id, findings, isPromising, { by, reason }) =>
      answerOf(
        sql`select resilience.shadow_change(${id}::bigint, ${
          toJsonText(findings)
        }::text::jsonb, ${isPromising}, ${reason},
        ${by}) as answer`,
      ),

    beginTrial: (id, { share, windowMs, limit }, { by, reason }) =>
      answerOf(
        sql`select resilience.begin_trial(${id}::bigint, ${share}::float8, ${windowMs}::bigint, ${limit}::integer,
        ${reason}, ${by}) as answer`,
      ),

    startTrial: (id, { by, reason }) =>
      answerOf(sql`select resilience.start_trial(${id}::bigint, ${reason}, ${by}) as answer`),

    extendTrial: (id, measured, { by, reason }) =>
      answerOf(
        sql`select resilience.extend_trial(${id}::bigint, ${
          toJsonText(measured)
        }::text::jsonb, ${reason}, ${by}) as answer`,
      ),

    end: (id, state, measured, { by, reason }) =>
      answerOf(
        sql`select resilience.end_change(${id}::bigint, ${state}, ${
          toJsonText(measured)
        }::text::jsonb, ${reason}, ${by})
        as answer`,
      ),

    closeGuard: (id, isWorse, guard, { by, reason }) =>
      answerOf(
        sql`select resilience.close_guard(${id}::bigint, ${isWorse}, ${
          toJsonText(guard)
        }::text::jsonb, ${reason}, ${by})
        as answer`,
      ),
  };
}

/** The veto that a row stands for. */
export function vetoOfRow({ knob, rule, vetoed_by, reason, until_at }: VetoRow): Veto {
  return { knob, rule, by: vetoed_by, reason, untilMs: until_at === null ? undefined : Date.parse(until_at) };
}

async function answerOf(answer: ReturnType<SqlTag>): Promise<StepAnswer> {
  const [row] = await answer as { answer: StepAnswer }[];
  return row!.answer;
}
