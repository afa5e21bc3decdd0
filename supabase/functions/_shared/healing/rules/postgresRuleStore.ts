import type { SqlTag } from "../../db/database.ts";
import type { HealingRule, MinedRule, RuleKind, RuleState } from "./healingRule.ts";
import type { RuleStore } from "./ruleStore.ts";

interface RuleRow {
  readonly id: string;
  readonly kind: RuleKind;
  readonly from_words: string;
  readonly to_words: string;
  readonly table_name: string | null;
  readonly state: RuleState;
  readonly support: number;
  readonly contradictions: number;
  readonly tables: number;
  readonly keys: number;
  readonly lower_bound: number;
  readonly sources: string[];
  readonly successes: string;
  readonly failures: string;
}

const mostRules = 500;

/** Rules in `resilience.healing_rules`. */
export function postgresRuleStore(sql: SqlTag): RuleStore {
  return {
    async list(ids) {
      const rows = await sql<RuleRow>`
        select * from resilience.healing_rules
        where case when ${ids === undefined}::boolean then state <> 'retired' else id = any (${ids ?? []}::text[]) end
        order by state, lower_bound desc, id limit ${mostRules}::integer`;
      return rows.map(ruleOfRow);
    },

    async propose(rules, isRevivable) {
      if (rules.length === 0) return [];
      const given = rules.map((rule) => ({ ...rowOfRule(rule), is_revivable: isRevivable(rule.id) }));
      const rows = await sql<RuleRow>`
        select * from resilience.propose_healing_rules(${JSON.stringify(given)}::text::jsonb)`;
      return rows.map(ruleOfRow);
    },

    async addOutcomes(told) {
      if (told.length === 0) return [];
      const list = told.map(({ ruleId, successes, failures }) => ({ id: ruleId, successes, failures }));
      const rows = await sql<RuleRow>`
        select * from resilience.record_rule_outcomes(${JSON.stringify(list)}::text::jsonb)`;
      return rows.map(ruleOfRow);
    },

    async demote(ids) {
      if (ids.length === 0) return 0;
      const [row] = await sql<{ count: number }>`select resilience.demote_healing_rules(${ids}::text[]) as count`;
      return row?.count ?? 0;
    },

    async retire(ids) {
      await sql`
        update resilience.healing_rules set state = 'retired', changed_at = clock_timestamp()
        where id = any (${ids}::text[]) and state <> 'retired'`;
    },

    async behind({ tableOid, key, column }) {
      const [row] = await sql<{ rules: unknown }>`
        select evidence -> 'rules' as rules from resilience.healing_events
        where table_oid = ${tableOid}::bigint and strategy = 'rule' and from_name = ${key} and to_name = ${column}
        order by healed_at desc limit 1`;
      return ruleIdsIn({ rules: row?.rules });
    },
  };
}

/** The rules that a heal's evidence names. */
export function ruleIdsIn({ rules }: { readonly rules?: unknown }): string[] {
  return Array.isArray(rules) ? rules.filter((id) => typeof id === "string") : [];
}

function rowOfRule({ id, kind, from, to, table, proof }: MinedRule) {
  const { lowerBound, sources, ...counts } = proof;
  return {
    id,
    kind,
    from_words: from,
    to_words: to,
    table_name: table ?? null,
    lower_bound: lowerBound,
    sources,
    ...counts,
  };
}

function ruleOfRow(row: RuleRow): HealingRule {
  const { support, contradictions, tables, keys, lower_bound: lowerBound, sources } = row;
  return {
    id: row.id,
    kind: row.kind,
    from: row.from_words,
    to: row.to_words,
    ...row.table_name === null ? {} : { table: row.table_name },
    state: row.state,
    proof: { support, contradictions, tables, keys, lowerBound, sources },
    outcomes: { successes: Number(row.successes), failures: Number(row.failures) },
  };
}
