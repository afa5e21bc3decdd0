import { factOfRow, type FactRow, type FactSource } from "./factSource.ts";

/**
 * What became of the fleet's circuits, with the votes that decided it; and, so that a call that was shed finds its trip and
 * a trip its end, the twenty changes before and what came within a day after.
 */
export const circuitChanges: FactSource = async (sql, { fromMs, toMs, requestId }) => {
  const rows = await sql<{ fact: FactRow; is_context: boolean }>`
    with bounds as (
      select to_timestamp(${fromMs}::float8 / 1000) as from_at, to_timestamp(${toMs}::float8 / 1000) as to_at
    ),
    chosen as (
      (select change.* from resilience.circuit_changes change, bounds
        where change.changed_at between bounds.from_at and bounds.to_at + interval '1 day'
        order by change.changed_at limit 1000)
      union all
      select earlier.* from bounds, (select name from resilience.circuits order by changed_at desc limit 200) known
      cross join lateral (select change.* from resilience.circuit_changes change
        where change.circuit = known.name and change.changed_at < bounds.from_at order by change.id desc limit 20) earlier
    ),
    seen as (
      select chosen.*, before.epoch as epoch_before, votes.*
      from chosen
      left join lateral (select change.epoch from resilience.circuit_changes change
        where change.circuit = chosen.circuit and change.id < chosen.id order by change.id desc limit 1) before on true
      left join lateral (select count(*) as voters, sum((vote ->> 'calls')::integer) as calls,
          sum((vote ->> 'failures')::integer) as failures from jsonb_array_elements(chosen.votes) vote
        where not (vote ->> 'isDoubtful')::boolean and (vote ->> 'failures')::integer > 0) votes on true
    )
    select seen.changed_at not between bounds.from_at and bounds.to_at as is_context, jsonb_build_object(
      'id', 'circuit:' || seen.id,
      'kind', case when seen.epoch is not distinct from seen.epoch_before or (seen.epoch = 0 and seen.phase = 'closed')
          then 'override' else case seen.phase when 'open' then 'trip' when 'closed' then 'recovery' else 'way_back' end end,
      'at_ms', extract(epoch from seen.changed_at) * 1000, 'until_ms', extract(epoch from seen.changed_at) * 1000,
      'subject', seen.circuit, 'ref', 'circuit:' || seen.circuit || ':' || seen.epoch, 'occurrences', 1,
      'detail', case when seen.epoch is not distinct from seen.epoch_before or (seen.epoch = 0 and seen.phase = 'closed')
        then jsonb_build_object('to', coalesce(seen.override, 'as it stands'), 'reason', seen.override_reason,
          'by', seen.changed_by)
        else jsonb_build_object('scope', 'fleet', 'reason', seen.reason, 'voters', nullif(seen.voters, 0),
          'calls', seen.calls, 'failures', seen.failures, 'step', seen.step) end) as fact
    from seen cross join bounds
    order by seen.id`;
  return {
    facts: rows.map(({ fact, is_context }) =>
      factOfRow(withoutOverrideRef(fact), is_context || requestId !== undefined)
    ),
    unread: 0,
  };
};

/** Who overrides begins no phase: calls that are shed in it name the phase that was there. */
function withoutOverrideRef(fact: FactRow): FactRow {
  return fact.kind === "override" ? { ...fact, ref: null } : fact;
}

/** Isolates that said lately that their own word does not count. */
export const circuitDoubts: FactSource = async (sql, { fromMs, toMs, requestId }) => {
  const rows = await sql<{ fact: FactRow }>`
    select jsonb_build_object('id', 'doubt:' || circuit || ':' || isolate, 'kind', 'doubt',
      'at_ms', extract(epoch from reported_at) * 1000, 'until_ms', extract(epoch from reported_at) * 1000,
      'subject', circuit, 'cause', 'isolate:' || isolate, 'isolate', isolate, 'occurrences', 1, 'detail',
      jsonb_build_object('says', failures || ' of ' || calls || ' calls failed here')) as fact
    from resilience.circuit_reports
    where is_doubtful and reported_at between to_timestamp(${fromMs}::float8 / 1000) and to_timestamp(${toMs}::float8 / 1000)
    order by reported_at, circuit, isolate limit 500`;
  return { facts: rows.map(({ fact }) => factOfRow(fact, requestId !== undefined)), unread: 0 };
};
