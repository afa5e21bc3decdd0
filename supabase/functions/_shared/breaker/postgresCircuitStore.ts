import type { Database } from "../db/database.ts";
import { tunedOfRow, type TunedRow, valueOn } from "../optimizer/knobs/tunedValue.ts";
import { currentIsolate } from "../platform/isolate.ts";
import type { CircuitTuning } from "./circuitOptions.ts";
import type { NextPhase } from "./circuitPhase.ts";
import { phaseOf, recordOf } from "./circuitRecord.ts";
import type { CircuitReport, CircuitStore, CircuitVote, StoredCircuit } from "./circuitStore.ts";
import { unheardOf } from "./circuitStore.ts";

/** A circuit as a row, its time left counted by the database's clock. */
export interface CircuitRow {
  readonly name: string;
  readonly epoch: number;
  readonly phase: NextPhase["kind"];
  readonly trips: number;
  readonly step: number | null;
  readonly holder: string | null;
  readonly left_ms: number | null;
  readonly reason: string | null;
  readonly override: "open" | "closed" | null;
  readonly override_reason: string | null;
  readonly suspects?: number;
}

interface VoteRow {
  readonly isolate: string;
  readonly epoch: number;
  readonly calls: number;
  readonly failures: number;
  readonly is_doubtful: boolean;
}

/**
 * Circuits in `resilience.circuits`: each method is one statement, which also works through a transaction-mode pooler.
 * `isolate` is who reads: a trial of an option is in force on a share of the isolates.
 */
export function postgresCircuitStore(
  database: () => Pick<Database, "sql">,
  isolate: () => string = () => currentIsolate().id,
): CircuitStore {
  return {
    async read() {
      const [row] = await database().sql<{ circuits: CircuitRow[]; tuning: TunedRow[] }>`
        select
          coalesce((select jsonb_agg(to_jsonb(circuit) || jsonb_build_object(
              'left_ms', extract(epoch from circuit.until_at - clock_timestamp()) * 1000))
            from (
              select coalesce(known.name, told.circuit) as name, coalesce(known.epoch, 0) as epoch,
                coalesce(known.phase, 'closed') as phase, coalesce(known.trips, 0) as trips, known.step, known.holder,
                known.until_at, known.reason, known.override, known.override_reason,
                coalesce(told.suspects, 0) as suspects
              from resilience.circuits known
              full join (
                select report.circuit, count(*) filter (where report.failures > 0) as suspects
                from resilience.circuit_reports report where report.until_at > clock_timestamp()
                group by report.circuit
              ) told on told.circuit = known.name
            ) circuit), '[]') as circuits,
          coalesce((select jsonb_agg(to_jsonb(tuned)) from resilience.read_tuning('circuit.') tuned), '[]') as tuning`;
      return { circuits: (row?.circuits ?? []).map(circuitOfRow), tuning: tuningOf(row?.tuning ?? [], isolate()) };
    },

    async report(report) {
      const { name, isolate, epoch, calls, failures, isDoubtful, lastsMs } = report;
      const [row] = await database().sql<{ circuit: CircuitRow | null; votes: VoteRow[] }>`
        with told as (
          insert into resilience.circuit_reports as report
            (circuit, isolate, epoch, calls, failures, is_doubtful, until_at)
          values (${name}, ${isolate}, ${epoch}::bigint, ${calls}::integer, ${failures}::integer, ${isDoubtful}::boolean,
            clock_timestamp() + ${lastsMs}::float8 * interval '1 millisecond')
          on conflict (circuit, isolate) do update set
            epoch = excluded.epoch, calls = excluded.calls, failures = excluded.failures,
            is_doubtful = excluded.is_doubtful, reported_at = excluded.reported_at, until_at = excluded.until_at
        )
        select
          (select to_jsonb(circuit) || jsonb_build_object(
              'left_ms', extract(epoch from circuit.until_at - clock_timestamp()) * 1000)
            from resilience.circuits circuit where circuit.name = ${name}) as circuit,
          coalesce((select jsonb_agg(to_jsonb(report)) from resilience.circuit_reports report
            where report.circuit = ${name} and report.isolate <> ${isolate}
              and report.until_at > clock_timestamp()), '[]') as votes`;
      return reportedOf(report, row?.circuit ?? null, row?.votes ?? []);
    },

    async change(name, epoch, next, reason) {
      const { trips, step, holder, lastsMs } = recordOf(next);
      const rows = await database().sql<{ is_changed: boolean; circuit: CircuitRow }>`
        with changed as (
          insert into resilience.circuits as circuit (name, epoch, phase, trips, step, holder, until_at, reason)
          select ${name}, 1, ${next.kind}, ${trips}::integer, ${step}::integer, ${holder}::text,
            clock_timestamp() + ${lastsMs}::float8 * interval '1 millisecond', ${reason}
          where ${epoch}::bigint = 0 or exists (select from resilience.circuits known where known.name = ${name})
          on conflict (name) do update set
            epoch = circuit.epoch + 1, phase = excluded.phase, trips = excluded.trips, step = excluded.step,
            holder = excluded.holder, until_at = excluded.until_at, reason = excluded.reason,
            changed_at = clock_timestamp()
          where circuit.epoch = ${epoch}::bigint
          returning circuit.*
        )
        select true as is_changed, to_jsonb(changed) || jsonb_build_object(
            'left_ms', extract(epoch from changed.until_at - clock_timestamp()) * 1000) as circuit
        from changed
        union all
        select false, to_jsonb(circuit) || jsonb_build_object(
            'left_ms', extract(epoch from circuit.until_at - clock_timestamp()) * 1000)
        from resilience.circuits circuit where circuit.name = ${name} and not exists (select from changed)`;
      const [row] = rows;
      return { isChanged: row?.is_changed ?? false, circuit: row ? circuitOfRow(row.circuit) : unheardOf(name) };
    },

    async override(name, to, reason) {
      const because = to === undefined ? null : reason;
      const [row] = await database().sql<{ circuit: CircuitRow }>`
        insert into resilience.circuits as circuit (name, override, override_reason)
        values (${name}, ${to ?? null}::text, ${because}::text)
        on conflict (name) do update set
          override = excluded.override, override_reason = excluded.override_reason, changed_at = clock_timestamp()
        returning to_jsonb(circuit) || jsonb_build_object(
          'left_ms', extract(epoch from circuit.until_at - clock_timestamp()) * 1000) as circuit`;
      return row ? circuitOfRow(row.circuit) : unheardOf(name);
    },
  };
}

/** The circuit that a row stands for. */
function circuitOfRow(row: CircuitRow): StoredCircuit {
  return {
    name: row.name,
    epoch: row.epoch,
    phase: phaseOfRow(row),
    reason: row.reason ?? undefined,
    override: row.override === null
      ? undefined
      : { to: row.override, reason: row.override_reason ?? "an operator said so" },
    suspects: row.suspects ?? 0,
  };
}

/** The phase that a row stands for. */
export function phaseOfRow(row: CircuitRow): NextPhase {
  return phaseOf({ ...row, kind: row.phase, lastsMs: row.left_ms });
}

/** The snapshot of a statement does not hold what it has just written: this isolate's word is added here. */
function reportedOf(report: CircuitReport, circuit: CircuitRow | null, rows: readonly VoteRow[]) {
  const votes: CircuitVote[] = [
    report,
    ...rows.map(({ is_doubtful, ...vote }) => ({ ...vote, isDoubtful: is_doubtful })),
  ];
  const stored = circuit === null ? unheardOf(report.name) : circuitOfRow(circuit);
  return { circuit: { ...stored, suspects: votes.filter(({ failures }) => failures > 0).length }, votes };
}

/** `circuit.<name>.<option>`, gathered by name, as it holds on that isolate. */
function tuningOf(rows: readonly TunedRow[], isolate: string): Map<string, CircuitTuning> {
  const tuning = new Map<string, Record<string, unknown>>();
  for (const row of rows) {
    const value = valueOn(tunedOfRow(row), isolate);
    const [, circuit = "", option = ""] = /^circuit\.(.+)\.([^.]+)$/.exec(row.name) ?? [];
    if (value !== undefined) tuning.set(circuit, { ...tuning.get(circuit), [option]: value });
  }
  return tuning as Map<string, CircuitTuning>;
}
