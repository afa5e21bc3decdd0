import type { DiagnosisOf } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { conflictKey } from "../shape/conflictKey.ts";

/** The rows of an upsert that may be the same to Postgres, in groups of two and more. */
export function findDuplicateRows(context: DiagnosisContext): DiagnosisOf<"duplicate_in_statement"> {
  const { operation, rows, conflictColumns: columns = [] } = context;
  const places = new Map<string, number[]>();
  if (operation === "upsert") {
    rows.forEach((row, place) => {
      const key = conflictKey(row, columns);
      if (key === undefined) return;
      const group = places.get(key);
      if (group === undefined) places.set(key, [place]);
      else group.push(place);
    });
  }
  return { kind: "duplicate_in_statement", columns, groups: [...places.values()].filter(({ length }) => length > 1) };
}
