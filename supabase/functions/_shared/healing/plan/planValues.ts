import type { SchemaSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { CoercionColumn } from "../coercion/coercion.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";
import type { PayloadDiagnosis } from "../diagnosis/diagnosis.ts";
import type { HealDraft } from "./healDraft.ts";

/** What the diagnoses of a payload ask for, over all of its rows. */
export interface ValuesQuestion {
  readonly diagnoses: readonly PayloadDiagnosis[];
  readonly table: TableSnapshot;
  readonly snapshot: SchemaSnapshot;
  readonly isInsert: boolean;
  readonly newId: () => string;
}

/** What may be done about values; names are not its matter. */
export interface PlannedValues {
  readonly coerced: ReadonlyMap<string, CoercionColumn>;
  /** The same for what rows must match. */
  readonly coercedMatch: ReadonlyMap<string, CoercionColumn>;
  readonly omitted: ReadonlyMap<string, "null" | "generated">;
  readonly heals: readonly HealDraft[];
  /** Rows with a column that must have a value and gets none. */
  readonly lacking: readonly { readonly column: string; readonly rows: readonly number[] }[];
}

/** Plans which values are made to fit and which are left to their columns. Whether they do fit shows in each row. */
export function planValues({ diagnoses, table, snapshot, isInsert, newId }: ValuesQuestion): PlannedValues {
  const coerced = new Map<string, CoercionColumn>();
  const coercedMatch = new Map<string, CoercionColumn>();
  const omitted = new Map<string, "null" | "generated">();
  const heals: HealDraft[] = [];
  const lacking: { column: string; rows: readonly number[] }[] = [];
  const draft = (diagnosis: HealDraft["diagnosis"], column: string, strategy: string, evidence = {}) => {
    heals.push({ id: newId(), diagnosis, from: column, to: column, strategy, evidence, confidence: 1 });
  };
  for (const diagnosis of diagnoses) {
    switch (diagnosis.kind) {
      case "generated_column":
        for (const column of diagnosis.columns) {
          if (omitted.has(column)) continue;
          omitted.set(column, "generated");
          draft(diagnosis.kind, column, "left_to_column");
        }
        break;
      case "not_null":
        for (const { column, rows, fillsItself } of diagnosis.columns) {
          if (!isInsert || !fillsItself) lacking.push({ column, rows });
          else {
            if (omitted.has(column)) continue;
            omitted.set(column, "null");
            draft(diagnosis.kind, column, "left_to_column");
          }
        }
        break;
      case "type_mismatch":
      case "too_long":
      case "out_of_range":
      case "unstorable_text":
        for (const { column, isInMatch, type } of diagnosis.columns) {
          const found = table.columns.find(({ name }) => name === column);
          const planned = isInMatch ? coercedMatch : coerced;
          if (found === undefined || planned.has(column)) continue;
          planned.set(column, coercionColumnOf(found, snapshot));
          draft(diagnosis.kind, column, "lossless_coercion", { type });
        }
        break;
    }
  }
  return { coerced, coercedMatch, omitted, heals, lacking };
}
