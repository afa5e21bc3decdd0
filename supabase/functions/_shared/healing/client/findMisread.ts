import type { Row, TableRef } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import type { SqlTag } from "../../db/database.ts";
import { readColumnType } from "../coercion/columnType.ts";
import { findTable } from "../diagnosis/findTable.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import type { HealingDeps } from "./healingDeps.ts";

/** Shorter ones are written days, as 20261125 is; longer ones are beyond the last day that Postgres knows. */
const [leastMisread, endOfMisread] = [1e8, 6e10];

/** May Postgres take a number in these rows for a day? It reads 1594070325 as the 25th of March 159407. */
export function mayBeMisread(rows: readonly Row[]): boolean {
  for (const row of rows) {
    for (const key in row) if (isLikeWrittenDay(row[key])) return true;
  }
  return false;
}

/**
 * The failure that Postgres does not report: epoch seconds in a column that holds times by now land as a day in the far
 * future where their last four digits are a month and a day, one in thirty of them. Asks for the schema in that case alone.
 */
export async function findMisread(deps: HealingDeps, { table, rows }: PreparedWrite): Promise<DbFailure | undefined> {
  const sent = rows.map((row) => row.sent);
  if (!mayBeMisread(sent)) return undefined;
  const schema = await deps.kernel()?.schema.latest().catch((error) => deps.onError(error));
  const columns = schema === undefined ? undefined : findTable(schema.snapshot, table)?.columns;
  return failureOf(table, sent, columns?.flatMap(({ name, type }) => isTime(type) ? [name] : []) ?? []);
}

/** As above, inside a transaction: over its own connection, as waiting for another one of the pool could never end. */
export async function findMisreadWithin(sql: SqlTag, { table, rows }: PreparedWrite): Promise<DbFailure | undefined> {
  const sent = rows.map((row) => row.sent);
  if (!mayBeMisread(sent)) return undefined;
  const times = await sql<{ name: string }>`
    select attname as name from pg_catalog.pg_attribute
    where attrelid = to_regclass(format('%I.%I', ${table.schema}::text, ${table.name}::text))
      and atttypid in ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) and attnum > 0`;
  return failureOf(table, sent, times.map(({ name }) => name));
}

function failureOf(table: TableRef, sent: readonly Row[], times: readonly string[]): DbFailure | undefined {
  const column = times.find((name) => sent.some((row) => Object.hasOwn(row, name) && isLikeWrittenDay(row[name])));
  if (column === undefined) return undefined;
  return {
    code: "22008",
    kind: "data",
    message: `Cannot write a number to column "${column}", which would be read as a day`,
    schema: table.schema,
    table: table.name,
    column,
    isOutcomeUnknown: false,
    cause: undefined,
  };
}

function isLikeWrittenDay(value: unknown): boolean {
  if (typeof value !== "number" && typeof value !== "bigint") return false;
  const number = Number(value);
  if (!(number >= leastMisread && number < endOfMisread) || !Number.isInteger(number)) return false;
  const [month, day] = [Math.floor(number / 100) % 100, number % 100];
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

const isTime = (type: string) => ["date", "timestamp"].includes(readColumnType(type, false)?.family ?? "");
