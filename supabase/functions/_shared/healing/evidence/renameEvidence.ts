import type { NameHistory } from "../../schema/nameHistory.ts";
import { groupByConvention } from "../naming/matchByConvention.ts";
import { conventionKey } from "../naming/conventionKey.ts";
import type { EvidenceSource, NameAnswer } from "./evidence.ts";

/**
 * The catalog's own identity: a name that a column of this very table once had means that column, whatever it is called by
 * now. A column that is gone is nobody else: its name is set aside, however alike another column's name is. The same holds
 * for a former name after another convention, unless a column of now is spelled so as well; where two columns had names
 * that are spelled alike both are told, and collide.
 */
export function renameEvidence(history: NameHistory): EvidenceSource {
  return {
    strategy: "catalog_rename",
    isCertain: true,
    async answer({ table, schema, names }) {
      const { former } = await history.columnPast(table.oid, schema.version);
      if (former.size === 0) return [];
      const spellings = groupByConvention(former.keys());
      const taken = groupByConvention(table.columns.map((column) => column.name));
      return names.flatMap((name) => {
        if (former.has(name)) return [toAnswer(name, former.get(name)!)];
        const spelling = conventionKey(name);
        const alike = taken.has(spelling) ? [] : spellings.get(spelling) ?? [];
        const attnums = new Map(alike.map((formerName) => [former.get(formerName)!, formerName]));
        return [...attnums].map(([attnum, formerName]) => toAnswer(name, attnum, { spelling: formerName }));
      });

      function toAnswer(name: string, attnum: number, more: Readonly<Record<string, unknown>> = {}): NameAnswer {
        const column = table.columns.find((candidate) => candidate.attnum === attnum);
        const isDropped = column === undefined;
        const evidence = { attnum, ...more, ...(isDropped ? { isDropped } : {}) };
        return { name, column, evidence, confidence: 1 };
      }
    },
  };
}
