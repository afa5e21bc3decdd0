import type { Connection } from "../../local/database/connect.ts";
import type { MovingTable } from "./migrationPlan.ts";
import type { SentOrder } from "./migrationTraffic.ts";

/**
 * The values that are nowhere: neither in their column, nor in the ledger under the row's key, nor where the migration that
 * dropped the column has put them.
 */
export async function findLosses(
  sql: Connection,
  table: MovingTable,
  orders: ReadonlyMap<number, SentOrder>,
): Promise<string[]> {
  const rows = new Map((await sql.unsafe(`select * from public.${table.name}`)).map((row) => [Number(row.id), row]));
  const kept = new Map<string, Set<string>>();
  const keep = (id: unknown, field: string, value: unknown) => {
    const key = `${id} ${field}`;
    kept.set(key, (kept.get(key) ?? new Set()).add(String(value)));
  };
  for (const { id, extra } of await sql`select id, extra from public.kept_by_migrations`) keep(id, "extra", extra);
  for (const { row_key, fields } of await sql`select row_key, fields from resilience.rescued_fields`) {
    for (const [field, value] of Object.entries(JSON.parse(fields))) keep(row_key.id, field, value);
  }
  const losses: string[] = [];
  for (const [id, order] of orders) {
    const row = rows.get(id);
    if (row === undefined) {
      losses.push(`order ${id} is gone`);
      continue;
    }
    for (const { bornAs, name, isDropped } of table.columns) {
      const value = String(order[bornAs as keyof SentOrder]);
      const isThere = !isDropped && row[name] !== null && String(row[name]) === value;
      if (isThere || kept.get(`${id} ${bornAs}`)?.has(value)) continue;
      losses.push(`order ${id} has lost ${bornAs} ${value}: ${isDropped ? "no column" : row[name]}`);
    }
  }
  return losses;
}
