import type { SqlTag } from "../../db/database.ts";
import { tunedOfRow, type TunedRow, type TunedValue } from "./tunedValue.ts";

/** Reads what isolates have to know of the knobs: values, and trials that are in force. */
export async function readTuning(sql: SqlTag, prefix = ""): Promise<TunedValue[]> {
  const [row] = await sql<{ tuning: TunedRow[] }>`
    select coalesce(jsonb_agg(to_jsonb(tuned)), '[]') as tuning from resilience.read_tuning(${prefix}) tuned`;
  return (row?.tuning ?? []).map(tunedOfRow);
}
