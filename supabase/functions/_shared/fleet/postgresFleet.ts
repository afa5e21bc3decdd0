import type { Database } from "../db/database.ts";
import type { Isolate } from "../platform/isolate.ts";
import type { Fleet } from "./fleet.ts";

/** Who beats: the isolate and what it runs. */
export interface FleetMember extends Isolate {
  readonly ballastVersion: string;
  readonly denoVersion: string;
}

/**
 * The fleet as rows of `resilience.isolates`. Beat and count are one statement; that an isolate writes at most once a
 * second is decided there too, by the database's clock. The beat is not visible to the count beside it, so this isolate
 * is counted apart.
 */
export function postgresFleet(database: Database, member: FleetMember): Fleet {
  const { id, region, ballastVersion, denoVersion } = member;
  const startedAt = new Date(member.startedAtMs).toISOString();
  return {
    async beat() {
      const [row] = await database.sql<{ others: number }>`
        with beat as (
          insert into resilience.isolates as known (id, region, ballast_version, deno_version, started_at)
          values (${id}, ${region}, ${ballastVersion}, ${denoVersion}, ${startedAt}::timestamptz)
          on conflict (id) do update set
            region = excluded.region, ballast_version = excluded.ballast_version,
            deno_version = excluded.deno_version, started_at = excluded.started_at,
            seen_at = greatest(excluded.seen_at, known.first_seen_at)
          where known.seen_at <= excluded.seen_at - interval '1 second'
        )
        select count(*)::integer as others from resilience.isolates
        where seen_at > clock_timestamp() - interval '1 minute' and id <> ${id}`;
      return { isolatesSeen: (row?.others ?? 0) + 1 };
    },
  };
}
