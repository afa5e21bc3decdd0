import type { AlertCondition } from "../alertCondition.ts";

interface Row {
  readonly name: string;
  readonly epoch: number;
  readonly phase: string;
  readonly trips: number;
  readonly minutes: number;
}

/**
 * Circuits that have not been closed for a while, an error after six times as long. Those that a person keeps open are known;
 * those of the sinks are told of as failing sinks.
 */
export const openCircuits: AlertCondition = {
  name: "circuit_open",
  async find(sql, { thresholds: { circuitMinutes } }) {
    const rows = await sql<Row>`
      select circuit.name, circuit.epoch::double precision as epoch, circuit.phase, circuit.trips,
        round(extract(epoch from clock_timestamp() - coalesce(left_closed.at, circuit.changed_at)) / 60)::integer as minutes
      from resilience.circuits circuit
      cross join lateral (
        -- Probing and opening again are phases of one outage.
        select min(change.changed_at) as at from resilience.circuit_changes change
        where change.circuit = circuit.name and change.phase <> 'closed'
          and change.id > coalesce((select max(closed.id) from resilience.circuit_changes closed
            where closed.circuit = circuit.name and closed.phase = 'closed'), 0)
      ) left_closed
      where circuit.phase <> 'closed' and circuit.override is null and not starts_with(circuit.name, 'alert-sink.')
        and coalesce(left_closed.at, circuit.changed_at)
          < clock_timestamp() - make_interval(secs => 60 * ${circuitMinutes}::double precision)
      order by 5 desc, 1 limit 51`;
    return rows.map(({ name, epoch, phase, trips, minutes }) => ({
      key: `circuit_open:${name}`,
      severity: minutes >= 6 * circuitMinutes ? "error" : "warning",
      title: `Circuit "${name}" has not been closed for ${minutes} minutes`,
      detail: { phase, trips, minutes },
      ref: `circuit:${name}:${epoch}`,
    }));
  },
};
