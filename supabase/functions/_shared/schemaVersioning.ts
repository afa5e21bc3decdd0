import { openSchemaSource, type SchemaSource } from "./schema/schemaSource.ts";
import {
  type SchemaVersionManager,
  type SchemaVersionManagerOptions,
  watchSchema,
} from "./schema/schemaVersionManager.ts";

export type { ChangeKind, SchemaChange, Severity } from "./schema/schemaChange.ts";
export type { KnownSchema, SchemaVersion } from "./schema/schemaVersion.ts";
export type {
  SchemaChangeListener,
  SchemaVersionManager,
  SchemaVersionManagerOptions,
} from "./schema/schemaVersionManager.ts";
export type { SchemaSnapshot } from "./schema/snapshot.ts";

/**
 * Watches a database's schema: what it is, what it was, and what changed, told by the catalog's own identity.
 *
 * @example
 * ```ts
 * const versions = createSchemaVersionManager(Deno.env.get("SUPABASE_DB_URL")!);
 * await versions.initialize();
 * versions.onSchemaChange((changes) => changes.forEach(({ kind, subject, part }) => log(kind, subject, part)));
 * ```
 */
export function createSchemaVersionManager(
  source: SchemaSource,
  options: SchemaVersionManagerOptions = {},
): SchemaVersionManager {
  const { database, listen, close } = openSchemaSource(source);
  const manager = watchSchema(database, { ...(listen === undefined ? {} : { listen }), ...options });
  return {
    ...manager,
    async close() {
      await manager.close();
      await close();
    },
  };
}
