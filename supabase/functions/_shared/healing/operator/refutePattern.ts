import type { SqlTag } from "../../db/database.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { Heal } from "../ledger/heal.ts";
import { changePattern } from "../patterns/changePattern.ts";
import { learnOutcomes } from "../patterns/learnOutcomes.ts";
import { reject } from "../patterns/patternTransitions.ts";
import { postgresRuleStore } from "../rules/postgresRuleStore.ts";
import { refuteRules } from "../rules/ruleTrust.ts";
import { postgresPatternStore } from "../patterns/postgresPatternStore.ts";

/** Evidence that judges by itself, and would else give the same answer at the next write. */
const judging: ReadonlySet<string> = new Set(["pattern", "convention", "rule", "matcher", "ai"]);

/**
 * Tells the mapping of an undone heal a failure, and rejects it where the evidence was a judgement. The catalog's word and a
 * person's stand: those who know better change the mapping or reject the pattern.
 */
export async function refutePattern(sql: SqlTag, heal: Heal, schema: KnownSchema, reason?: string): Promise<void> {
  const { table: { oid }, from: key, to, strategy } = heal;
  if (oid === undefined || key === undefined || key === to) return;
  const store = postgresPatternStore(sql);
  const table = schema.snapshot.tables.find((candidate) => candidate.oid === oid);
  const column = table?.columns.find(({ name }) => name === to);
  const isMeant = (pattern: { id: string; key: string; targetAttnum: number }) =>
    pattern.id === heal.patternId || (pattern.key === key && pattern.targetAttnum === column?.attnum);
  let patterns = (await store.list({ tableOids: [oid] })).filter(isMeant);
  const isKept = patterns.length > 0 || !judging.has(strategy) || table === undefined || column === undefined;
  if (!isKept && key.length > 0 && key.length <= 200 && !key.includes("\0")) {
    patterns = await store.propose([{
      tableOid: oid,
      tableSchema: table.schema,
      tableName: table.name,
      key,
      targetAttnum: column.attnum,
      targetColumn: column.name,
      strategy,
      coercion: null,
      schemaHash: schema.hash,
    }]);
  }
  await learnOutcomes(store, patterns.map(({ id }) => ({ patternId: id, successes: 0, failures: 1 })));
  if (!judging.has(strategy)) return;
  if (to !== undefined) await refuteRules(postgresRuleStore(sql), { tableOid: oid, key, column: to });
  for (const { id } of patterns) {
    await changePattern(store, id, (pattern) => {
      const isSettled = ["approved", "rejected", "expired"].includes(pattern.state.kind);
      return isSettled ? pattern : reject(pattern, "undo", reason);
    });
  }
}
