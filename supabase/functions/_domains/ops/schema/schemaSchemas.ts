import * as z from "zod";
import type { SchemaChange } from "../../../_shared/schema/schemaChange.ts";
import type { VersionEntry } from "../../../_shared/schema/schemaHistory.ts";

/** How bad a change can be, from the least to the worst. */
export const severity = z.enum(["low", "medium", "high", "critical"]);

/** The number of a version. */
export const versionNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** One difference between two versions. */
export const schemaChange = z.object({
  kind: z.string(),
  severity,
  /** `schema.table`, or `schema.enum`, by its newest name. */
  subject: z.string(),
  /** The column, label, constraint or index. */
  part: z.string().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** A version in a list. */
export const schemaVersion = z.object({
  version: z.number(),
  hash: z.string(),
  createdAt: z.iso.datetime(),
  tables: z.number(),
  /** How many changes of each severity it made. */
  changes: z.record(severity, z.number()),
});

/** A schema in full: tables with columns, constraints and indexes, and enums. */
export const schemaSnapshot = z.object({
  tables: z.array(z.record(z.string(), z.unknown())),
  enums: z.array(z.record(z.string(), z.unknown())),
});

/** A change, for an answer. */
export function shownChange(change: SchemaChange): z.input<typeof schemaChange> {
  const { kind, severity, subject, part = null, before, after } = change;
  return { kind, severity, subject, part, before, after };
}

/** A version, for a list. */
export function shownVersion(entry: VersionEntry): z.input<typeof schemaVersion> {
  const { version, hash, createdAt, tableCount, changes } = entry;
  return { version, hash, createdAt: createdAt.toISOString(), tables: tableCount, changes };
}
