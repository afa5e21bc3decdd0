import type { SqlTag } from "../../_shared/db/database.ts";
import type { RefusedEvent, SinkEvent } from "./eventSink.ts";

/** The next events of a sink. */
export interface SinkPage {
  readonly round: string;
  readonly events: readonly SinkEvent[];
  /** Which transaction stored each of them. */
  readonly places: Readonly<Record<string, string>>;
}

/** Where a sink stands, in Postgres. */
export interface SinkStore {
  /** Undefined: it has everything. */
  next(limit: number): Promise<SinkPage | undefined>;
  /** Within the transaction of `sql`; throws where somebody else has settled these by now. */
  settle(sql: SqlTag, page: SinkPage, refused: readonly RefusedEvent[]): Promise<void>;
  /** Events that were refused before, and are to be tried again. */
  due(limit: number): Promise<readonly SinkEvent[]>;
  settleDue(events: readonly SinkEvent[], refused: readonly RefusedEvent[]): Promise<void>;
}

/** Opens the store of one sink. */
export function postgresSinkStore(sql: SqlTag, target: string): SinkStore {
  return {
    async next(limit) {
      const [row] = await sql<{ page: SinkPage | null }>`select analytics.next_events(${target}, ${limit}) as page`;
      return row?.page ?? undefined;
    },
    async settle(within, { round, events, places }, refused) {
      // Events that were erased since the page was read are in its places alone: it ends where the last of all stands.
      const last = Object.entries(places).reduce((a, b) => isAfter(a, b) ? a : b);
      await within`select analytics.settle_events(${target}, ${round}, ${last[1]}, ${last[0]},
        ${events.length - refused.length}, ${refusedJson(refused)}::text::jsonb)`;
    },
    async due(limit) {
      const [row] = await sql<{ events: SinkEvent[] }>`select analytics.due_events(${target}, ${limit}) as events`;
      return row?.events ?? [];
    },
    async settleDue(events, refused) {
      const ids = `{${events.map(({ event_id }) => event_id).join(",")}}`;
      await sql`select analytics.settle_due(${target}, ${ids}::text::uuid[], ${refusedJson(refused)}::text::jsonb)`;
    },
  };
}

/** Ids of transactions are numbers, ids of events compare as their text does. */
function isAfter([idA, txA]: [string, string], [idB, txB]: [string, string]): boolean {
  return txA === txB ? idA > idB : BigInt(txA) > BigInt(txB);
}

function refusedJson(refused: readonly RefusedEvent[]): string {
  return JSON.stringify(
    refused.map(({ event: { event_id, occurred_at }, reason }) => ({ event_id, occurred_at, reason })),
  );
}
