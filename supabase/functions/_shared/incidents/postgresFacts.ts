import type { Database } from "../db/database.ts";
import { clockSkewMs } from "./fact.ts";
import type { GatheredFacts } from "./explainFacts.ts";
import { aiUsage } from "./sources/aiUsage.ts";
import { circuitChanges, circuitDoubts } from "./sources/circuitChanges.ts";
import { deadLetters } from "./sources/deadLetters.ts";
import type { FactSource, FactWindow } from "./sources/factSource.ts";
import { heals, rescues } from "./sources/heals.ts";
import { jobRuns } from "./sources/jobRuns.ts";
import { kernelContext, kernelEvents } from "./sources/kernelEvents.ts";
import { earlierChanges, schemaChanges } from "./sources/schemaChanges.ts";

/** Where facts are read. */
export interface FactReader {
  /** All that happened within a stretch of time. */
  within(fromMs: number, toMs: number): Promise<GatheredFacts>;
  /** All that is known of a request; undefined where nothing is. */
  ofRequest(requestId: string): Promise<GatheredFacts | undefined>;
}

/** What names the request it happened in. */
const requestSources: readonly FactSource[] = [kernelEvents, heals, rescues, deadLetters];
/** What is there for everybody. */
const commonSources: readonly FactSource[] = [
  kernelContext,
  circuitChanges,
  circuitDoubts,
  schemaChanges,
  jobRuns,
  aiUsage,
];

/** A question may take this long in Postgres; then it is given up rather than the database be kept busy. */
const timeLimitMs = 15_000;

/** Reads facts from the kernel's tables: one snapshot of the database, and a bounded number of rows of each. */
export function postgresFacts(database: Database): FactReader {
  const read = <Result>(work: Parameters<typeof database.transaction<Result>>[0]) =>
    database.transaction(async (sql) => {
      await sql`select set_config('statement_timeout', ${String(timeLimitMs)}, true)`;
      return await work(sql);
    }, { isolation: "repeatable read", isReadOnly: true });

  return {
    within: (fromMs, toMs) =>
      read(async (sql) => {
        const window: FactWindow = { fromMs, toMs };
        const found = await Promise.all([...requestSources, ...commonSources].map((source) => source(sql, window)));
        const facts = found.flatMap((each) => each.facts);
        const earlier = await earlierChanges(sql, facts, fromMs);
        return { ...window, facts: [...facts, ...withoutKnown(earlier, facts)], unread: sumUnread(found) };
      }),

    ofRequest: (requestId) =>
      read(async (sql) => {
        const all: FactWindow = { fromMs: 0, toMs: latestMs, requestId };
        const found = await Promise.all(requestSources.map((source) => source(sql, all)));
        const own = found.flatMap((each) => each.facts);
        if (own.length === 0) return undefined;
        const fromMs = own.reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
        const toMs = own.reduce((last, { untilMs, isContext }) => isContext ? last : Math.max(last, untilMs), fromMs);
        const window: FactWindow = { fromMs: fromMs - clockSkewMs, toMs: toMs + clockSkewMs, requestId };
        const context = await Promise.all(commonSources.map((source) => source(sql, window)));
        const facts = [...own, ...context.flatMap((each) => each.facts)];
        const earlier = await earlierChanges(sql, own, window.fromMs);
        return {
          fromMs,
          toMs,
          requestId,
          facts: [...facts, ...withoutKnown(earlier, facts)],
          unread: sumUnread(found),
        };
      }),
  };
}

/** Later than any row: a request is looked for by its id alone. The year 9999. */
const latestMs = 253_402_300_000_000;

function withoutKnown<Item extends { readonly id: string }>(items: readonly Item[], known: readonly Item[]): Item[] {
  const ids = new Set(known.map(({ id }) => id));
  return items.filter(({ id }) => !ids.has(id));
}

function sumUnread(found: readonly { readonly unread: number }[]): number {
  return found.reduce((sum, { unread }) => sum + unread, 0);
}
