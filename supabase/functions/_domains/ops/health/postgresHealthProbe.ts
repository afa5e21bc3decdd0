import type { Database } from "../../../_shared/db/database.ts";
import type { FleetMember } from "../../../_shared/fleet/postgresFleet.ts";
import type { AccessFacts, HealthProbe, JobFacts, Pong, QueueFacts } from "./healthProbe.ts";

/** Asks Postgres. Statements without parameters need no description first: one round trip each, and they share it. */
export function postgresHealthProbe({ sql }: Database, member: FleetMember): HealthProbe {
  return {
    async ping() {
      const [row] = await sql<Pong>`
        select extract(epoch from clock_timestamp())::double precision * 1000 as "nowMs",
          current_setting('server_version') as "serverVersion",
          pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "isReadOnly"`;
      return row as Pong;
    },

    async appliedMigrations() {
      const rows = await sql<{ version: string }>`select version from supabase_migrations.schema_migrations`;
      return rows.map(({ version }) => version);
    },

    async access() {
      const [row] = await sql<AccessFacts>`
        with api_role as (
          select oid, rolname from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')
        ),
        relation as (
          select relation.oid, space.nspname, relation.relname, relation.relkind, relation.relrowsecurity
          from pg_catalog.pg_class as relation
          join pg_catalog.pg_namespace as space on space.oid = relation.relnamespace
          where space.nspname in ('resilience', 'public') and relation.relkind in ('r', 'p', 'v', 'm')
            and not exists (select from pg_catalog.pg_depend where objid = relation.oid and deptype = 'e')
        )
        select
          to_jsonb(array(
            select role from unnest(array['anon', 'authenticated', 'service_role']) as role
            where to_regrole(role) is null
          )) as "missingRoles",
          to_jsonb(array(
            select distinct relname::text from relation, api_role
            where nspname = 'resilience'
              and has_table_privilege(api_role.oid, relation.oid, 'select, insert, update, delete, truncate')
            union all
            select 'schema for ' || rolname from api_role where has_schema_privilege(oid, 'resilience', 'usage')
          )) as reachable,
          to_jsonb(array(
            select relname::text from relation
            where nspname = 'resilience' and relkind in ('r', 'p') and not relrowsecurity
          )) as unprotected,
          to_jsonb(array(
            select relname::text from relation
            where nspname = 'public' and relkind in ('r', 'p') and not relrowsecurity
          )) as "unprotectedPublic"`;
      return row as AccessFacts;
    },

    async writeAndRead() {
      const [written] = await sql<{ mark: string }>`
        insert into resilience.isolates (id, region, ballast_version, deno_version, started_at)
        values (${member.id}, ${member.region}, ${member.ballastVersion}, ${member.denoVersion}, ${new Date(
        member.startedAtMs,
      )})
        on conflict (id) do update set seen_at = greatest(excluded.seen_at, isolates.seen_at)
        returning seen_at::text as mark`;
      const read = await sql`
        select from resilience.isolates where id = ${member.id} and seen_at >= ${
        written?.mark ?? null
      }::text::timestamptz`;
      return read.length === 1;
    },

    jobs: () =>
      sql<JobFacts>`
        select job_name as name, is_overdue as "isOverdue", last_state as "lastState", last_error_code as "lastErrorCode"
        from resilience.job_health()`,

    queues: () =>
      sql<QueueFacts>`
        select queue as name, waiting::integer, hidden::integer, dead::integer,
          greatest(0, coalesce(extract(epoch from clock_timestamp() - oldest_waiting_at) * 1000, 0))::double precision
            as "oldestWaitingMs"
        from resilience.queue_health()`,

    async extensions() {
      const rows = await sql<{ name: string }>`
        select extname || ' ' || extversion as name from pg_catalog.pg_extension order by 1`;
      return rows.map(({ name }) => name);
    },
  };
}
