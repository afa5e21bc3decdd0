import type { TableRef } from "../../connect/connector.ts";
import type { SchemaSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";

/** The table as the snapshot has it, by its exact name. */
export function findTable({ tables }: SchemaSnapshot, { schema, name }: TableRef): TableSnapshot | undefined {
  return tables.find((table) => table.schema === schema && table.name === name);
}

/** The table that a statement is about; a call of a function has none. */
export function tableOfStatement({ operation, snapshot, table }: DiagnosisContext): TableSnapshot | undefined {
  return operation === "rpc" ? undefined : findTable(snapshot, table);
}
