import type { HealingKernel } from "../client/healingDeps.ts";
import type { HealExplanation } from "../client/operatorReports.ts";
import type { Heal } from "../ledger/heal.ts";
import type { HealingPattern } from "../patterns/healingPattern.ts";
import { findHeal } from "./findHeal.ts";
import { isId } from "./operatorRefusal.ts";

const strategyWords: Readonly<Record<string, string>> = {
  catalog_rename: "the catalog knows that the column had this name before",
  operator: "a person has said so",
  pattern: "it has proven right in earlier writes",
  convention: "the two names are the same but for their spelling",
  rule: "a rule that earlier fixes have in common says so, and it leads to this column alone",
  matcher: "name, type and values fit this column and clearly no other one",
  ai: "an advisor has proposed it, and schema and types allow for it",
};

/** Says of a heal when, what, why and on which evidence, and whether it was taken back. */
export async function explainHeal(kernel: HealingKernel, id: string): Promise<HealExplanation> {
  const { heal, planId } = await findHeal(kernel.ledger, id);
  const pattern = await patternOf(kernel, heal);
  const [counted] = await kernel.database.sql<{ count: number }>`
    select (select count(*) from resilience.rescued_fields where healing_id = ${planId}::uuid)::integer
      + (select coalesce(sum(cardinality(key_hashes)), 0) from resilience.noted_rows
        where healing_id = ${planId}::uuid)::integer as count`;
  const rows = Math.max(counted?.count ?? 0, heal.rowKeys.length);
  return { text: textOf(heal, rows, pattern), heal, ...(pattern === undefined ? {} : { pattern }) };
}

async function patternOf({ patterns }: HealingKernel, { patternId, table, from, to }: Heal) {
  if (isId(patternId)) return await patterns.find(patternId);
  if (table.oid === undefined || from === undefined || to === undefined) return undefined;
  const known = await patterns.list({ tableOids: [table.oid] });
  return known.find(({ key, targetColumn }) => key === from && targetColumn === to);
}

function textOf(heal: Heal, rows: number, pattern: HealingPattern | undefined): string {
  const { table, from, to, strategy, evidence, alternatives, confidence, healedAt, diagnosis, undone } = heal;
  const { plan: _plan, ...speaking } = evidence;
  const taken = from === undefined
    ? "the statement was changed"
    : to === undefined
    ? `"${from}" was set aside`
    : from === to
    ? `the value of "${to}" was made to fit`
    : `"${from}" was taken for "${to}"`;
  const lines = [
    `On ${healedAt.toISOString()}, in ${table.schema}.${table.name}, ${taken} (${diagnosis}).`,
    `Why: ${strategyWords[strategy] ?? strategy} (${strategy}), confidence ${percent(confidence)}.`,
    ...(Object.keys(speaking).length === 0 ? [] : [`Evidence: ${JSON.stringify(speaking)}.`]),
    ...(alternatives.length === 0 ? [] : [`Also possible: ${JSON.stringify(alternatives)}.`]),
    ...(pattern === undefined ? [] : [
      `Learned as pattern ${pattern.id}: ${pattern.state.kind}, right ${pattern.outcomes.successes} and wrong ` +
      `${pattern.outcomes.failures} times.`,
    ]),
    `Rows: ${rows}${rows === 1 ? "" : " that are known of"}.`,
    undone === undefined
      ? "It stands."
      : `Taken back on ${undone.at.toISOString()} by ${undone.by}${
        undone.reason === undefined ? "" : `: ${undone.reason}`
      }.`,
  ];
  return lines.join("\n");
}

function percent(confidence: number): string {
  return `${(confidence * 100).toFixed(1)} %`;
}
