import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { keyShapeOf } from "../plan/writeCall.ts";
import type { RowFate } from "../client/batchReport.ts";

/** What became of each row of a statement that has landed. */
export function fatesOf({ plan, rows }: PreparedWrite): RowFate[] {
  return rows.map(({ payload, mapping }) => {
    const keys = Object.keys(payload).filter((key) => payload[key] !== undefined);
    if (keys.some((key) => !mapping.has(key))) return "rescued";
    const isHealed = plan.heals.length > 0 || (plan.shapes.get(keyShapeOf(payload))?.heals.length ?? 0) > 0;
    return isHealed ? "healed" : "applied";
  });
}
