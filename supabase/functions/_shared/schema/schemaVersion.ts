import type { SchemaChange } from "./schemaChange.ts";
import type { SchemaSnapshot } from "./snapshot.ts";

/** One state of the schema, as it was recorded. */
export interface SchemaVersion {
  readonly version: number;
  readonly hash: string;
  readonly createdAt: Date;
  /** What it changed of the version before. */
  readonly changes: readonly SchemaChange[];
}

/** A version with the schema itself. */
export interface KnownSchema extends SchemaVersion {
  readonly snapshot: SchemaSnapshot;
}
