import type { NameHistory } from "../../schema/nameHistory.ts";
import type { EvidenceSource } from "./evidence.ts";

/**
 * The catalog's own identity: a name that a column of this very table once had means that column, whatever it is called by
 * now. A column that is gone is nobody else: its name is set aside, however alike another column's name is.
 */
export function renameEvidence(history: NameHistory): EvidenceSource {
  return {
    strategy: "catalog_rename",
    isCertain: true,
    async answer({ table, schema, names }) {
      const former = await history.formerColumns(table.oid, names, schema.version);
      return [...former].map(([name, attnum]) => {
        const column = table.columns.find((candidate) => candidate.attnum === attnum);
        const isDropped = column === undefined;
        return { name, column, evidence: { attnum, ...(isDropped ? { isDropped } : {}) }, confidence: 1 };
      });
    },
  };
}
