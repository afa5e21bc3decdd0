import type { Database } from "../../../_shared/db/database.ts";
import { postgresPatternStore } from "../../../_shared/healing/patterns/postgresPatternStore.ts";
import { rescopePatterns } from "../../../_shared/healing/patterns/rescopePatterns.ts";
import { diffSnapshots } from "../../../_shared/schema/diffSnapshots.ts";
import { hashSnapshot } from "../../../_shared/schema/hashSnapshot.ts";
import { readSnapshot } from "../../../_shared/schema/readSnapshot.ts";
import type { SchemaChange } from "../../../_shared/schema/schemaChange.ts";
import { postgresSchemaHistory } from "../../../_shared/schema/schemaHistory.ts";
import { watchSchema } from "../../../_shared/schema/schemaVersionManager.ts";
import { postgresSchemaVersionStore } from "../../../_shared/schema/schemaVersionStore.ts";
import type { Clock } from "../../../_shared/time/clock.ts";

/** What a look at the schema came to. */
export interface SchemaCheck {
  readonly version: number;
  readonly hash: string;
  /** Nobody had recorded it before. */
  readonly isNew: boolean;
  /** What has changed since the version before, where it is new. */
  readonly changes: readonly SchemaChange[];
  /** Learned mappings that were brought to this schema, and those of them that ended with the one before. */
  readonly rescopedPatterns: number;
  readonly expiredPatterns: number;
}

/**
 * Looks at the schema, records it if it is new, and brings what was learned to it, as an isolate that writes would: twice is
 * as good as once.
 */
export async function checkSchema(
  database: Database,
  { clock, onError }: { readonly clock: Clock; readonly onError: (error: unknown) => void },
): Promise<SchemaCheck> {
  const versions = postgresSchemaVersionStore(database);
  const newest = await postgresSchemaHistory(database.sql).newest();
  const manager = watchSchema(database, { pollIntervalMs: 0, store: versions, clock, onError });
  const schema = await manager.initialize().finally(() => manager.close());
  const { version, hash, snapshot } = schema;
  const rescoped = await rescopePatterns(postgresPatternStore(database.sql), { hash, snapshot }, versions.find);
  const isNew = newest === undefined || version > newest;
  return {
    version,
    hash,
    isNew,
    changes: isNew ? schema.changes : [],
    rescopedPatterns: rescoped.length,
    expiredPatterns: rescoped.filter(({ state }) => state.kind === "expired").length,
  };
}

/** What {@link checkSchema} would find and record. */
export async function rehearseCheck({ sql }: Database): Promise<{ isNew: boolean; changes: readonly SchemaChange[] }> {
  const history = postgresSchemaHistory(sql);
  const snapshot = await readSnapshot(sql, ["public"]);
  const newest = await history.newest();
  const known = newest === undefined ? undefined : await history.read(newest);
  if (known === undefined) return { isNew: true, changes: [] };
  if (known.hash === await hashSnapshot(snapshot)) return { isNew: false, changes: [] };
  return { isNew: true, changes: diffSnapshots(known.snapshot, snapshot) };
}
