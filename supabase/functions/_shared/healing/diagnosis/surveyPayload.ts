import type { PayloadDiagnosis } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { findDuplicateRows } from "./findDuplicateRows.ts";
import { findGeneratedColumns } from "./findGeneratedColumns.ts";
import { findLackingColumns } from "./findLackingColumns.ts";
import { findCertainlyUnfit } from "./findUnfitColumns.ts";
import { findUnknownColumns } from "./findUnknownColumns.ts";

/**
 * Everything that the snapshot alone tells to be wrong with a statement, whatever the server met first: what else to heal
 * in the same round. For after a failure, not before a write, which would cost the healthy path.
 */
export function surveyPayload(context: DiagnosisContext): PayloadDiagnosis[] {
  const unknown = findUnknownColumns(context);
  const duplicates = findDuplicateRows(context);
  const found: PayloadDiagnosis[] = [
    { kind: "generated_column", columns: findGeneratedColumns(context) },
    { kind: "type_mismatch", columns: findCertainlyUnfit(context, ["unreadable", "unreadable_time"]) },
    { kind: "too_long", columns: findCertainlyUnfit(context, ["too_long"]) },
    { kind: "out_of_range", columns: findCertainlyUnfit(context, ["out_of_range"]) },
    { kind: "unstorable_text", columns: findCertainlyUnfit(context, ["unstorable_text"]) },
    { kind: "not_null", columns: findLackingColumns(context) },
  ];
  return [
    ...unknown.columns.length + unknown.otherNames.length > 0 ? [unknown] : [],
    ...found.filter(({ columns }) => columns.length > 0),
    ...duplicates.groups.length > 0 ? [duplicates] : [],
  ];
}
