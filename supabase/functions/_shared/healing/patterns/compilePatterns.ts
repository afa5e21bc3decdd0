import type { TableSnapshot } from "../../schema/snapshot.ts";
import { type HealingPattern, isApplied } from "./healingPattern.ts";

/** Where a key goes. */
export interface MappedKey {
  readonly column: string;
  readonly attnum: number;
  readonly coercion: string | null;
  readonly patternId: string;
}

/** What is done to a payload before it is sent for the first time: key to column. Empty where nothing is known. */
export type CompiledMapping = ReadonlyMap<string, MappedKey>;

/** What is compiled for. */
export interface CompileScope {
  readonly table: TableSnapshot;
  /** The keys of the payload, in any order. */
  readonly keyShape: readonly string[];
  readonly schemaHash: string;
}

/**
 * The mapping for payloads of one shape, at one state of the schema; the caller keeps it for as long as both last. Only
 * active and approved patterns of this very schema count. It abstains where two disagree: on a key with two targets (an
 * approved one wins, two approved ones do not), and on a target that another key wants or the payload fills already.
 */
export function compilePatterns(patterns: readonly HealingPattern[], scope: CompileScope): CompiledMapping {
  const { table, keyShape, schemaHash } = scope;
  const columns = new Map(table.columns.map((column) => [column.attnum, column]));
  const names = new Set(table.columns.map(({ name }) => name));
  const usable = patterns.filter((pattern) =>
    isApplied(pattern) && pattern.tableOid === table.oid && pattern.schemaHash === schemaHash &&
    columns.get(pattern.targetAttnum)?.isGenerated === false
  );
  const mapping = new Map<string, MappedKey>();
  for (const key of keyShape) {
    if (names.has(key)) continue;
    const pattern = soleChoice(usable.filter((candidate) => candidate.key === key));
    if (pattern === undefined) continue;
    const column = columns.get(pattern.targetAttnum)!.name;
    mapping.set(key, { column, attnum: pattern.targetAttnum, coercion: pattern.coercion, patternId: pattern.id });
  }
  return withoutCollisions(mapping, keyShape);
}

function soleChoice(candidates: readonly HealingPattern[]): HealingPattern | undefined {
  const approved = candidates.filter(({ state }) => state.kind === "approved");
  const choices = approved.length > 0 ? approved : candidates;
  return choices.length === 1 ? choices[0] : undefined;
}

function withoutCollisions(mapping: ReadonlyMap<string, MappedKey>, keyShape: readonly string[]): CompiledMapping {
  const sent = new Set(keyShape);
  const wanted = new Map<number, number>();
  for (const { attnum } of mapping.values()) wanted.set(attnum, (wanted.get(attnum) ?? 0) + 1);
  return new Map([...mapping].filter(([, { attnum, column }]) => wanted.get(attnum) === 1 && !sent.has(column)));
}
