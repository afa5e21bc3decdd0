import type { SqlTag } from "../../db/database.ts";
import { tableName } from "../client/tableName.ts";

/** Where a page has left off: times of JavaScript have no microseconds, so its time is text. */
export interface LedgerPlace {
  /** An ISO time with microseconds. */
  readonly at: string;
  readonly id: string;
}

/** One page of a ledger's table, the newest first. */
export interface LedgerPage<Entry> {
  readonly entries: readonly Entry[];
  /** Absent on the last page. */
  readonly next?: LedgerPlace;
}

/** Which table is meant: by the name that was written down, or the same table under its name of now. */
export interface TableFilter {
  readonly schema: string | null;
  readonly name: string | null;
  readonly oid: string | null;
}

/** Makes a page of the rows that were read, of which there was one more than the page holds if another page follows. */
export function ledgerPage<Row extends { readonly id: string; readonly place: string }, Entry>(
  rows: readonly Row[],
  limit: number,
  entryOf: (row: Row) => Entry,
): LedgerPage<Entry> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isLast = rows.length <= limit || last === undefined;
  return { entries: page.map(entryOf), ...(isLast ? {} : { next: { at: last.place, id: last.id } }) };
}

/** Looks a table up, so that what was written down under an earlier name of it is found as well. */
export async function tableFilter(sql: SqlTag, text: string | undefined): Promise<TableFilter> {
  if (text === undefined) return { schema: null, name: null, oid: null };
  const { schema, name } = tableName(text);
  const [row] = await sql<{ oid: string }>`
    select class.oid::bigint as oid from pg_catalog.pg_class class
    join pg_catalog.pg_namespace namespace on namespace.oid = class.relnamespace
    where namespace.nspname = ${schema}::text and class.relname = ${name}::text and class.relkind in ('r', 'p')`;
  return { schema, name, oid: row?.oid ?? null };
}
