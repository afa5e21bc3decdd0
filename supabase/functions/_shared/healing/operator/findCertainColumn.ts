import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { EvidenceStrategy } from "../evidence/evidence.ts";
import { weighEvidence } from "../evidence/weighEvidence.ts";
import type { PlanningDeps } from "../plan/replan.ts";

/** What no row has to be looked at for. */
const certain: ReadonlySet<EvidenceStrategy> = new Set(["catalog_rename", "operator", "pattern"]);

/**
 * The column that a key has by now without a doubt: that of its very name, the one that had it before a rename, or the one
 * that people or outcomes have said.
 */
export async function findCertainColumn(
  table: TableSnapshot,
  key: string,
  schema: KnownSchema,
  { sources, onError }: PlanningDeps,
): Promise<ColumnSnapshot | undefined> {
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
  const named = table.columns.find(({ name }) => name === key);
  if (named !== undefined) return named.isGenerated ? undefined : named;
  const question = { table, schema, names: [key], columns, keys: [key], rows: [] };
  const asked = sources.filter(({ strategy }) => certain.has(strategy));
  const { answers } = await weighEvidence(question, asked, onError === undefined ? {} : { onError });
  return answers[0]?.column;
}
