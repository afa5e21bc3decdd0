import type { MappingProposal, MappingQuestion } from "../../ai/mappingAdvisor.ts";
import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import type { NameQuestion } from "./evidence.ts";
import { valuesFit } from "./valuesFit.ts";

/** A proposal that nothing speaks against. */
export interface CheckedProposal {
  readonly key: string;
  readonly column: ColumnSnapshot;
  readonly confidence: number;
  readonly reason: string;
}

const longestReason = 500;

/**
 * What is left of an advisor's proposals: a key that was asked, a column that was offered, one to one, and every value
 * lands without loss. Of proposals that collide none is left. What an advisor sends is not trusted in its form either.
 */
export function checkProposals(
  proposals: unknown,
  asked: MappingQuestion,
  { columns, rows, schema }: NameQuestion,
): CheckedProposal[] {
  const offered = new Map(columns.map((column) => [column.name, column]));
  const keys = new Set(asked.keys.map(({ key }) => key));
  const meant = (Array.isArray(proposals) ? proposals : []).filter(isProposal).flatMap((proposal) => {
    const column = offered.get(proposal.column);
    return column === undefined || !keys.has(proposal.key) ? [] : [{ ...proposal, column }];
  });
  return meant
    .filter(({ key, column }) => meant.filter((other) => other.key === key || other.column === column).length === 1)
    .filter(({ key, column }) => valuesFit(rows, key, column, schema.snapshot))
    .map(({ key, column, confidence, reason }) => ({
      key,
      column,
      confidence,
      reason: reason.slice(0, longestReason),
    }));
}

function isProposal(value: unknown): value is MappingProposal {
  if (typeof value !== "object" || value === null) return false;
  const { key, column, confidence, reason } = value as Partial<MappingProposal>;
  return typeof key === "string" && typeof column === "string" && typeof reason === "string" &&
    typeof confidence === "number" && confidence >= 0 && confidence <= 1;
}
