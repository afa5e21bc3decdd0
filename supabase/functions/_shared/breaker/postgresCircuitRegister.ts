import type { Database } from "../db/database.ts";
import { shareOf } from "./circuitPhase.ts";
import type { CircuitChange, CircuitRegister, RegisteredCircuit } from "./circuitRegister.ts";
import { type CircuitRow, phaseOfRow, postgresCircuitStore } from "./postgresCircuitStore.ts";
import { stateNames } from "./standingOf.ts";

interface ListedRow extends CircuitRow {
  readonly changed_at: string | null;
  readonly votes: readonly {
    readonly isolate: string;
    readonly epoch: number;
    readonly calls: number;
    readonly failures: number;
    readonly is_doubtful: boolean;
    readonly reported_at: string;
  }[];
}

/** The register in `resilience.circuits` and the tables beside it. */
export function postgresCircuitRegister(database: Database): CircuitRegister {
  async function list(name?: string): Promise<RegisteredCircuit[]> {
    const rows = await database.sql<{ circuit: ListedRow }>`
      with live as (
        select * from resilience.circuit_reports where until_at > clock_timestamp()
      )
      select to_jsonb(known) || jsonb_build_object(
          'name', coalesce(known.name, told.circuit), 'epoch', coalesce(known.epoch, 0),
          'phase', coalesce(known.phase, 'closed'), 'trips', coalesce(known.trips, 0),
          'left_ms', extract(epoch from known.until_at - clock_timestamp()) * 1000,
          'votes', coalesce((select jsonb_agg(to_jsonb(live) order by live.isolate) from live
            where live.circuit = coalesce(known.name, told.circuit)), '[]')) as circuit
      from resilience.circuits known
      full join (select distinct circuit from live) told on told.circuit = known.name
      where ${name ?? null}::text is null or coalesce(known.name, told.circuit) = ${name ?? null}::text
      order by coalesce(known.name, told.circuit)`;
    return rows.map(({ circuit }) => registeredOf(circuit));
  }

  return {
    list,

    async history(name, limit) {
      const rows = await database.sql<{ change: ChangeRow }>`
        select to_jsonb(change) as change from resilience.circuit_changes change
        where change.circuit = ${name} order by change.id desc limit ${limit}::integer`;
      return rows.map(({ change }) => changeOf(change));
    },

    async override(name, to, { changedBy, reason }) {
      await database.transaction(async (sql) => {
        await sql`select set_config('resilience.changed_by', ${changedBy}, true)`;
        await postgresCircuitStore(() => ({ sql })).override(name, to, reason);
      });
      const [circuit] = await list(name);
      return circuit!;
    },
  };
}

interface ChangeRow extends CircuitRow {
  readonly changed_at: string;
  readonly changed_by: string;
  readonly votes: CircuitChange["votes"] | null;
}

function changeOf(row: ChangeRow): CircuitChange {
  return {
    changedAt: new Date(row.changed_at).toISOString(),
    changedBy: row.changed_by,
    epoch: row.epoch,
    state: stateNames[row.phase],
    trips: row.trips,
    reason: row.reason,
    override: overrideOf(row),
    votes: row.votes ?? [],
  };
}

function registeredOf(row: ListedRow): RegisteredCircuit {
  const { epoch } = row;
  const override = overrideOf(row);
  const ownShare = shareOf(phaseOfRow(row));
  return {
    name: row.name,
    state: stateNames[row.phase],
    share: override === null ? ownShare : override.to === "closed" ? 1 : 0,
    epoch,
    trips: row.trips,
    reason: row.reason ?? null,
    changedAt: row.changed_at === null || row.changed_at === undefined ? null : new Date(row.changed_at).toISOString(),
    remainingMs: row.left_ms === null ? null : Math.max(0, Math.round(row.left_ms)),
    probedBy: row.holder ?? null,
    override,
    votes: row.votes.map(({ is_doubtful, reported_at, epoch: told, ...vote }) => ({
      isolate: vote.isolate,
      calls: vote.calls,
      failures: vote.failures,
      isDoubtful: is_doubtful,
      isOld: told !== epoch,
      reportedAt: new Date(reported_at).toISOString(),
    })),
  };
}

function overrideOf({ override, override_reason }: CircuitRow): RegisteredCircuit["override"] {
  return override === null || override === undefined ? null : { to: override, reason: override_reason ?? "" };
}
