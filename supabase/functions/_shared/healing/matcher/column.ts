/** A key of the payload with the values seen under it. */
export interface SourceColumn {
  readonly name: string;
  /** Samples from the payload; one row is enough, more make the evidence stronger. */
  readonly values: readonly unknown[];
}

/** What Postgres knows of a column's values, as in `pg_stats`. Every part is optional. */
export interface ColumnStatistics {
  readonly sampleValues?: readonly unknown[];
  readonly mostCommonValues?: readonly unknown[];
  readonly min?: unknown;
  readonly max?: unknown;
  /** Distinct values over rows, 0..1. */
  readonly distinctFraction?: number;
  /** Mean width of a stored value in bytes. */
  readonly averageWidth?: number;
}

/** A column of the table that the payload was meant for. */
export interface TargetColumn {
  readonly name: string;
  /** The Postgres type as `format_type` prints it, such as `numeric(10,2)`, `text[]` or an enum's name. */
  readonly type: string;
  readonly isNullable: boolean;
  readonly hasDefault: boolean;
  readonly isGenerated: boolean;
  readonly maxLength?: number;
  readonly enumLabels?: readonly string[];
  readonly statistics?: ColumnStatistics;
}
