import type { Row } from "../../connect/connector.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";

/** Names that no column has, and what they may be judged by. */
export interface NameQuestion {
  readonly table: TableSnapshot;
  readonly schema: KnownSchema;
  /** The names to find columns for. */
  readonly names: readonly string[];
  /** Columns that nobody has claimed: not filled by the payload, not generated, not given to another name. */
  readonly columns: readonly ColumnSnapshot[];
  /** All keys of the payload, those with a column as well. */
  readonly keys: readonly string[];
  /** The rows, for their values; none where the names stand in a match or a selection. */
  readonly rows: readonly Row[];
}

/** What a source says of one name. A source that is not sure says nothing. */
export interface NameAnswer {
  readonly name: string;
  /** The column it means; undefined: certain that it means none (its column was dropped), so nobody else is asked. */
  readonly column: ColumnSnapshot | undefined;
  /** What speaks for it, without any value of the payload. */
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly confidence: number;
  /** What else was possible. */
  readonly alternatives?: readonly unknown[];
  readonly patternId?: string;
}

/** What a source thought of a name that it is not sure of: no answer, and yet worth a person's look. */
export interface NameDoubt {
  readonly name: string;
  readonly isUnsure: true;
  /** What was possible, without any value of the payload. */
  readonly alternatives: readonly unknown[];
}

/** See {@linkcode NameAnswer} and {@linkcode NameDoubt}. */
export type NameOpinion = NameAnswer | NameDoubt;

/** The kinds of evidence for a name, strongest first. */
export const evidenceStrategies = [
  "catalog_rename",
  "operator",
  "pattern",
  "convention",
  "rule",
  "matcher",
  "ai",
] as const;

/** See {@linkcode evidenceStrategies}. */
export type EvidenceStrategy = (typeof evidenceStrategies)[number];

/** One kind of evidence. */
export interface EvidenceSource {
  readonly strategy: EvidenceStrategy;
  /** Strong enough for a name in a match or a selection, where a wrong guess changes or reads other rows? */
  readonly isCertain: boolean;
  answer(question: NameQuestion): readonly NameOpinion[] | Promise<readonly NameOpinion[]>;
}
