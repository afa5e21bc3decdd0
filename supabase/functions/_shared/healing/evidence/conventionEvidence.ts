import { conventionKey } from "../naming/conventionKey.ts";
import { groupByConvention } from "../naming/matchByConvention.ts";
import type { EvidenceSource } from "./evidence.ts";

/**
 * The same name after another convention, such as `userId` for `user_id`. Every column that a name could be spelled for is
 * told, free or not: two columns, two names or a column that is filled already collide when weighed, and then nobody
 * guesses on.
 */
export function conventionEvidence(): EvidenceSource {
  return {
    strategy: "convention",
    isCertain: true,
    answer({ table, names }) {
      const columns = new Map(table.columns.map((column) => [column.name, column]));
      const spellings = groupByConvention(columns.keys());
      return names.flatMap((name) =>
        (spellings.get(conventionKey(name)) ?? []).map((spelling) => ({
          name,
          column: columns.get(spelling),
          evidence: { spelling },
          confidence: 1,
        }))
      );
    },
  };
}
