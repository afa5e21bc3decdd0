import type { SqlTag } from "../../../_shared/db/database.ts";
import type { UpkeepRetention } from "./upkeepRetention.ts";

/** A piece of upkeep. */
export interface UpkeepStep {
  readonly name: string;
  /** Is it taken again while it has all it may take? */
  readonly isChunked: boolean;
  /** Gives how much there was to do. */
  take(sql: SqlTag, options: { readonly retention: UpkeepRetention; readonly limit: number }): Promise<number>;
}

const count = ([row]: readonly { done: number }[]) => row?.done ?? 0;

/** What is kept up, in this order: room for events to come first. */
export const upkeepSteps: readonly UpkeepStep[] = [
  {
    name: "months_to_come",
    isChunked: false,
    take: async (sql) =>
      count(
        await sql<{ done: number }>`
          select personalization.ensure_interaction_months((now() - interval '1 month')::date, (now() + interval '2 months')::date)
            as done`,
      ),
  },
  {
    name: "viewed_often",
    isChunked: true,
    // Looks back further than the hour between runs: a run that was missed is made up for, and what was found counts once.
    take: async (sql, { limit }) =>
      count(
        await sql<
          { done: number }
        >`select personalization.derive_viewed_often(now() - interval '6 hours', now(),
            ${limit}::integer) as done`,
      ),
  },
  {
    name: "price_bands",
    isChunked: false,
    take: async (sql) => count(await sql<{ done: number }>`select personalization.refresh_price_bands() as done`),
  },
  {
    name: "old_months",
    isChunked: false,
    take: async (sql, { retention }) =>
      count(
        await sql<{ done: number }>`
          select personalization.drop_old_months(now() - make_interval(months => ${retention.eventMonths}::integer)) as done`,
      ),
  },
  {
    name: "event_keys",
    isChunked: true,
    take: async (sql, { retention, limit }) =>
      count(
        await sql<{ done: number }>`
          select personalization.purge_event_keys(now() - make_interval(secs => 86400 * ${retention.keyDays}::double precision),
            ${limit}::integer) as done`,
      ),
  },
  {
    name: "shown_lists",
    isChunked: true,
    take: async (sql, { retention, limit }) =>
      count(
        await sql<{ done: number }>`
          select personalization.purge_shown_lists(now() - make_interval(secs => 86400 * ${retention.listDays}::double precision),
            ${limit}::integer) as done`,
      ),
  },
  {
    name: "idle_sessions",
    isChunked: true,
    take: async (sql, { retention, limit }) =>
      count(
        await sql<{ done: number }>`
          select personalization.purge_idle_sessions(now() - make_interval(secs => 86400 * ${retention.idleDays}::double precision),
            ${limit}::integer) as done`,
      ),
  },
  {
    name: "told_changes",
    isChunked: true,
    // Streams purge as they are told; what the last of them left stays else.
    take: async (sql, { limit }) =>
      count(await sql<{ done: number }>`select live.purge(${limit}::integer, false) as done`),
  },
];
