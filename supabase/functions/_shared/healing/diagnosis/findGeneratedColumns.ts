import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { tableOfStatement } from "./findTable.ts";
import { namesOfStatement } from "./findUnknownColumns.ts";

/** The generated columns that a payload has values for. */
export function findGeneratedColumns(context: DiagnosisContext): string[] {
  return columnsWhere(context, ({ isGenerated }) => isGenerated);
}

/**
 * The columns whose values a database has refused as they are generated. Whether an identity column takes values the
 * snapshot does not tell, so those are meant only where the error names one, or nothing else can be meant.
 */
export function findRefusedColumns(context: DiagnosisContext, named: string | undefined): string[] {
  const found = columnsWhere(context, ({ isGenerated, name }) => isGenerated || name === named);
  return found.length > 0 ? found : columnsWhere(context, ({ isIdentity }) => isIdentity);
}

function columnsWhere(context: DiagnosisContext, isMeant: (column: ColumnSnapshot) => boolean): string[] {
  const columns = new Set(tableOfStatement(context)?.columns.filter(isMeant).map(({ name }) => name));
  return namesOfStatement(context).payload.filter((name) => columns.has(name));
}
