import type { ColumnStatistics } from "../matcher/column.ts";

/** Gives what the database knows of a table's values. */
export interface ColumnStatisticsReader {
  /** By `attnum`; columns of which nothing is known, or may be known, are left out. */
  read(tableOid: number): Promise<ReadonlyMap<number, ColumnStatistics>>;
}
