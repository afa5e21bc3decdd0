import type { SchemaSnapshot } from "../../schema/snapshot.ts";
import { changePattern } from "./changePattern.ts";
import { expireOnSchemaChange } from "./expireOnSchemaChange.ts";
import type { HealingPattern } from "./healingPattern.ts";
import type { PatternStore } from "./patternStore.ts";

/** A schema and its hash. */
export interface HashedSchema {
  readonly hash: string;
  readonly snapshot: SchemaSnapshot;
}

/**
 * Brings all patterns to the schema as it is, or lets them expire; to be called when an isolate starts and whenever it has
 * recorded a change. Doing it again changes nothing, so all isolates may. `schemaOf` gives an earlier schema by its hash,
 * undefined where it is not known. Gives the patterns that this call changed.
 */
export async function rescopePatterns(
  store: PatternStore,
  current: HashedSchema,
  schemaOf: (hash: string) => Promise<SchemaSnapshot | undefined>,
): Promise<HealingPattern[]> {
  const stale = (await store.list()).filter(({ schemaHash }) => schemaHash !== current.hash);
  const earlier = new Map<string, SchemaSnapshot | undefined>();
  for (const hash of new Set(stale.map(({ schemaHash }) => schemaHash))) earlier.set(hash, await schemaOf(hash));
  const tableOf = (snapshot: SchemaSnapshot | undefined, oid: number) =>
    snapshot?.tables.find((table) => table.oid === oid);
  const changed: HealingPattern[] = [];
  for (const { id } of stale) {
    let isOurs = false;
    const pattern = await changePattern(store, id, (now) => {
      const next = expireOnSchemaChange(now, {
        before: tableOf(earlier.get(now.schemaHash), now.tableOid),
        after: tableOf(current.snapshot, now.tableOid),
        schemaHash: current.hash,
      });
      isOurs = next !== now;
      return next;
    });
    if (pattern !== undefined && isOurs) changed.push(pattern);
  }
  return changed;
}
