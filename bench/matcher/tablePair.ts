import type { SourceColumn, TargetColumn } from "../../supabase/functions/_shared/healing/matcher/column.ts";

/** Two tables and which of their columns mean the same. */
export interface TablePair {
  readonly name: string;
  readonly sources: readonly SourceColumn[];
  readonly targets: readonly TargetColumn[];
  /** True pairs as [index of source, index of target]. */
  readonly truth: readonly (readonly [number, number])[];
}
