import type { Database, SqlTag } from "../../db/database.ts";
import { sqlStateOf } from "../../db/sqlState.ts";
import { toJsonText } from "../../jobs/jsonText.ts";
import type { Knob } from "../knobs/knob.ts";
import { type KnobRow, storedKnobOf } from "../knobs/storedKnob.ts";
import { changeOfRow, type ChangeRow } from "../lifecycle/changeRow.ts";
import { vetoOfRow, type VetoRow } from "../lifecycle/postgresTuningStore.ts";
import type { StepAnswer, TuningNote } from "../lifecycle/tuningStore.ts";
import type { KnobChange, KnobRegister } from "./knobRegister.ts";

interface HistoryRow {
  readonly changed_at: string;
  readonly changed_by: string;
  readonly reason: string | null;
  readonly before: KnobChange["before"];
  readonly after: KnobChange["after"];
}

const checkViolation = "23514";

/** The register in `resilience.tuning_parameters` and the tables beside it. */
export function postgresKnobRegister(database: Database): KnobRegister {
  const { sql } = database;

  /** Registers the knob, tells the history's trigger who and why, and then does `work`. */
  function changing<Result>(
    knob: Knob | undefined,
    { by, reason }: TuningNote,
    work: (sql: SqlTag) => Promise<Result>,
  ) {
    return database.transaction(async (sql) => {
      await sql`select set_config('resilience.changed_by', ${by}, true), set_config('resilience.change_reason', ${reason}, true)`;
      if (knob !== undefined) await sql`select resilience.define_knob(${toJsonText(knob)}::text::jsonb)`;
      return await work(sql);
    });
  }

  async function within(work: Promise<unknown>): Promise<boolean> {
    try {
      await work;
      return true;
    } catch (error) {
      if (sqlStateOf(error) === checkViolation) return false;
      throw error;
    }
  }

  return {
    async knobs(name) {
      const rows = await sql<{ knob: KnobRow }>`
        select to_jsonb(knob) as knob from resilience.tuning_parameters knob
        where ${name ?? null}::text is null or knob.name = ${name ?? null}::text order by knob.name`;
      return rows.map(({ knob }) => storedKnobOf(knob));
    },

    async log(limit, name) {
      const rows = await sql<{ change: ChangeRow }>`
        select to_jsonb(change) as change from resilience.optimization_log change
        where ${name ?? null}::text is null or change.knob = ${name ?? null}::text
        order by change.id desc limit ${limit}::integer`;
      return rows.map(({ change }) => changeOfRow(change));
    },

    async history(name, limit) {
      const rows = await sql<{ change: HistoryRow }>`
        select to_jsonb(change) as change from resilience.tuning_changes change
        where change.knob = ${name} order by change.id desc limit ${limit}::integer`;
      return rows.map(({ change: { changed_at, changed_by, reason, before, after } }) => ({
        changedAt: new Date(changed_at).toISOString(),
        changedBy: changed_by,
        ...{ reason, before, after },
      }));
    },

    async vetoes() {
      const rows = await sql<{ veto: VetoRow }>`
        select to_jsonb(veto) as veto from resilience.tuning_vetoes veto order by veto.id`;
      return rows.map(({ veto }) => vetoOfRow(veto));
    },

    set: (knob, value, note) =>
      within(changing(knob, note, (sql) =>
        sql`
        update resilience.tuning_parameters set value = ${toJsonText(value)}::text::jsonb where name = ${knob.name}`)),

    async pin(knob, untilMs, note) {
      const until = untilMs === undefined ? null : new Date(untilMs);
      await changing(knob, note, (sql) =>
        sql`
        update resilience.tuning_parameters set pinned_by = ${note.by}, pin_reason = ${note.reason},
          pinned_at = clock_timestamp(), pinned_until = ${until}::timestamptz where name = ${knob.name}`);
    },

    async unpin(knob, note) {
      await changing(knob, note, (sql) =>
        sql`
        update resilience.tuning_parameters set pinned_by = null, pin_reason = null, pinned_at = null,
          pinned_until = null where name = ${knob.name}`);
    },

    async letTune(knob, isTunable, note) {
      await changing(knob, note, (sql) =>
        sql`
        update resilience.tuning_parameters set is_tunable = ${isTunable} where name = ${knob.name}`);
    },

    narrow: (knob, lowest, highest, note) =>
      within(changing(knob, note, (sql) =>
        sql`
        update resilience.tuning_parameters set lowest = ${lowest}::float8, highest = ${highest}::float8,
          are_bounds_by_hand = true where name = ${knob.name}`)),

    async undo(id, { by, reason }) {
      const [row] = await sql<{ answer: StepAnswer }>`
        select resilience.undo_change(${id}::bigint, ${reason}, ${by}) as answer`;
      return row!.answer;
    },

    async veto(knob, rule, untilMs, note) {
      const until = untilMs === undefined ? null : new Date(untilMs);
      await changing(undefined, note, async (sql) => {
        await sql`
          insert into resilience.tuning_vetoes as veto (knob, rule, vetoed_by, reason, until_at)
          values (${knob}, ${rule}, ${note.by}, ${note.reason}, ${until}::timestamptz)
          on conflict (knob, rule) do update set vetoed_by = excluded.vetoed_by, reason = excluded.reason,
            vetoed_at = clock_timestamp(), until_at = excluded.until_at`;
        await sql`
          select resilience.end_change(change.id, 'vetoed', null, ${note.reason}, ${note.by})
          from resilience.optimization_log change
          where change.state in ('proposed', 'shadowed', 'on_trial')
            and ${knob} in (change.knob, '*') and ${rule} in (change.rule, '*')`;
      });
    },

    async allow(knob, rule, note) {
      const rows = await changing(undefined, note, (sql) =>
        sql`
        delete from resilience.tuning_vetoes where knob = ${knob} and rule = ${rule} returning id`);
      return rows.length > 0;
    },
  };
}
