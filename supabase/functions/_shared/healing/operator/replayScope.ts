import type { ReplayFilter } from "../client/operatorReports.ts";
import { tableName } from "../client/tableName.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import { findTable } from "../diagnosis/findTable.ts";
import type { LedgerTable } from "../ledger/heal.ts";
import { isId, OperatorRefusal } from "./operatorRefusal.ts";

/** A filter that has been checked. */
export interface ReplayScope {
  readonly ids?: readonly string[] | undefined;
  readonly table?: LedgerTable | undefined;
  readonly since?: Date | undefined;
}

/** Reads a filter; ids that can be none find nothing. */
export function replayScope(
  { ids, table, since }: ReplayFilter,
  { snapshot }: Pick<KnownSchema, "snapshot">,
): ReplayScope {
  const from = since === undefined ? undefined : new Date(since);
  if (from !== undefined && Number.isNaN(from.getTime())) {
    throw new OperatorRefusal("INVALID_CALL", `Cannot replay as 'since' must be a date: got "${since}"`);
  }
  const ref = table === undefined ? undefined : tableName(table);
  const oid = ref && findTable(snapshot, ref)?.oid;
  return {
    ids: ids?.filter(isId),
    table: ref && { ...ref, ...(oid === undefined ? {} : { oid }) },
    since: from,
  };
}
