import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { HealingPattern } from "./healingPattern.ts";

/** A table before and after a change of the schema. */
export interface TableChange {
  /** Undefined where it is not known, for example after a restart: then nothing is taken for granted. */
  readonly before: TableSnapshot | undefined;
  readonly after: TableSnapshot | undefined;
  /** The schema after it. */
  readonly schemaHash: string;
}

/**
 * What a change of the schema leaves of a pattern. The target is followed by its identity, through any rename. The pattern
 * expires when its target is gone or of another type, and when its key has become a column of its own. Where the table has
 * gained a column, what was learned was a choice among others: a learned pattern begins again, an approved one stands.
 */
export function expireOnSchemaChange(pattern: HealingPattern, change: TableChange): HealingPattern {
  const { before, after, schemaHash } = change;
  if (pattern.state.kind === "expired" || pattern.schemaHash === schemaHash) return pattern;
  if (after === undefined || after.oid !== pattern.tableOid) return expired(pattern, "its table is gone");
  const target = after.columns.find(({ attnum }) => attnum === pattern.targetAttnum);
  if (target === undefined) return expired(pattern, "its column is gone");
  if (target.isGenerated) return expired(pattern, "its column is generated");
  if (after.columns.some(({ name }) => name === pattern.key)) return expired(pattern, "its key is a column now");
  const old = before?.columns.find(({ attnum }) => attnum === pattern.targetAttnum);
  if (old !== undefined && !isSameType(old, target)) return expired(pattern, "its column has another type");
  const moved: HealingPattern = {
    ...pattern,
    tableSchema: after.schema,
    tableName: after.name,
    targetColumn: target.name,
    schemaHash,
  };
  return isLearned(pattern) && hasGainedColumn(before, after) ? startAgain(moved) : moved;
}

function isLearned({ state }: HealingPattern): boolean {
  return state.kind === "probation" || state.kind === "active" || state.kind === "demoted";
}

function isSameType(one: ColumnSnapshot, other: ColumnSnapshot): boolean {
  return one.typeOid === other.typeOid && one.typeModifier === other.typeModifier;
}

function hasGainedColumn(before: TableSnapshot | undefined, after: TableSnapshot): boolean {
  const known = new Set(before?.columns.map(({ attnum }) => attnum));
  return after.columns.some(({ attnum }) => !known.has(attnum));
}

function startAgain(pattern: HealingPattern): HealingPattern {
  return { ...pattern, state: { kind: "probation" }, outcomes: { successes: 0, failures: 0 } };
}

/** Keeps the schema it was for: an expired pattern is history. */
function expired(pattern: HealingPattern, reason: string): HealingPattern {
  return { ...pattern, state: { kind: "expired", reason } };
}
