import type { SqlTag } from "../../db/database.ts";
import type { Fact, FactDetail, FactKind } from "../fact.ts";

/** What is asked for: a stretch of time, or one request in it. */
export interface FactWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly requestId?: string;
}

/** What a source has, and how much of it was not read. */
export interface FoundFacts {
  readonly facts: readonly Fact[];
  readonly unread: number;
}

/** One table, or a few, that facts are read from: at most so many rows, whatever there is. */
export type FactSource = (sql: SqlTag, window: FactWindow) => Promise<FoundFacts>;

/** A fact as every source's statement gives it; times are milliseconds. */
export interface FactRow {
  readonly id: string;
  readonly kind: FactKind;
  readonly at_ms: number;
  readonly until_ms: number;
  readonly subject: string;
  readonly ref?: string | null;
  readonly cause?: string | null;
  readonly requests?: readonly string[] | null;
  readonly request_count?: number | null;
  readonly isolate?: string | null;
  readonly function_name?: string | null;
  readonly occurrences: number;
  readonly cost_ms?: number | null;
  readonly detail?: Readonly<Record<string, unknown>> | null;
}

/** The fact that a row stands for. */
export function factOfRow(row: FactRow, isContext = false): Fact {
  const requests = row.requests ?? [];
  return {
    id: row.id,
    kind: row.kind,
    atMs: row.at_ms,
    untilMs: row.until_ms,
    subject: row.subject,
    ...(row.ref ? { ref: row.ref } : {}),
    ...(row.cause ? { cause: row.cause } : {}),
    requests,
    requestCount: Math.max(row.request_count ?? 0, requests.length),
    ...(row.isolate ? { isolate: row.isolate } : {}),
    ...(row.function_name ? { functionName: row.function_name } : {}),
    occurrences: row.occurrences,
    costMs: row.cost_ms ?? 0,
    detail: plainDetail(row.detail ?? {}),
    ...(isContext ? { isContext } : {}),
  };
}

/** Short plain values and nothing else: what is told further may be read by more people than could read the table. */
function plainDetail(detail: Readonly<Record<string, unknown>>): FactDetail {
  const entries = Object.entries(detail).flatMap(([name, value]): [string, string | number | boolean][] =>
    typeof value === "number" || typeof value === "boolean"
      ? [[name, value]]
      : typeof value === "string" && value !== ""
      ? [[name, value.slice(0, 300)]]
      : []
  );
  return Object.fromEntries(entries);
}

/** The row that says how much more there is than was read. */
export interface CountedRow {
  readonly fact: FactRow | null;
  /** Of all that match, read or not. */
  readonly total: number;
}

/** What rows of a statement that also counts what it left out stand for. */
export function foundOf(rows: readonly CountedRow[], isContext = false): FoundFacts {
  const facts = rows.flatMap(({ fact }) => fact === null ? [] : [factOfRow(fact, isContext)]);
  const read = facts.reduce((sum, { occurrences }) => sum + occurrences, 0);
  return { facts, unread: Math.max(0, (rows[0]?.total ?? 0) - read) };
}
