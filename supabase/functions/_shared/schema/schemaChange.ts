/** How much a change can hurt the writes that were made for the schema before it. */
export type Severity = "low" | "medium" | "high" | "critical";

/** The kinds of change, each with how much it hurts at the least. */
export const changeSeverities = {
  table_added: "low",
  table_dropped: "critical",
  table_renamed: "high",
  column_added: "low",
  column_dropped: "critical",
  column_renamed: "high",
  column_type_changed: "high",
  column_nullability_changed: "low",
  column_default_changed: "low",
  enum_label_added: "low",
  enum_label_renamed: "high",
  constraint_added: "medium",
  constraint_dropped: "low",
  index_added: "low",
  index_dropped: "medium",
} as const satisfies Record<string, Severity>;

/** What happened to the schema. */
export type ChangeKind = keyof typeof changeSeverities;

/** One difference between two snapshots. */
export interface SchemaChange {
  readonly kind: ChangeKind;
  readonly severity: Severity;
  /** `schema.table`, or `schema.enum`, by its newest name. */
  readonly subject: string;
  /** The table's or the enum's identity in the catalog. */
  readonly oid: number;
  /** The column, label, constraint or index, by its newest name. */
  readonly part?: string;
  /** The column's identity in its table. */
  readonly attnum?: number;
  readonly before: string | null;
  readonly after: string | null;
}

const ranks: Record<Severity, number> = { low: 0, medium: 1, high: 2, critical: 3 };

/** The worse of two severities. */
export function worseSeverity(one: Severity, other: Severity): Severity {
  return ranks[one] >= ranks[other] ? one : other;
}
