import type { SqlTag } from "../../db/database.ts";
import { advisorPrompt } from "../../ai/prompts/advisorPrompt.ts";
import { readChosenPrompts } from "../../ai/prompts/postgresPrompts.ts";
import { promptKnob } from "../../ai/prompts/promptKnob.ts";
import { countHealing, failedShare } from "./healingCounts.ts";
import type { OptimizerRule } from "./optimizerRule.ts";
import { expectShare } from "./expectShare.ts";

const fewestFailures = 5;
const mostExamples = 30;
const longestName = 63;
const historyMs = 90 * 86_400_000;
const author = "self-optimizer";
const knob = promptKnob(advisorPrompt.name);

/** What people decided about a key, in names and types alone. */
export interface PromptExample {
  /** `schema.table`. */
  readonly table: string;
  readonly key: string;
  /** The column it means; null: none of those that were there. */
  readonly column: string | null;
  readonly type: string | null;
  /** Columns that it does not mean. */
  readonly not: readonly string[];
}

/**
 * Where an advisor has failed, people's decisions become examples in a new version of its prompt, which nobody uses until the
 * prompt's knob names it. Keys come from outside: examples are a variable of the prompt, so they reach the model as a block of
 * data like every question, never as words of ours.
 */
export const promptExamplesRule: OptimizerRule = {
  name: "prompt-examples",
  summary: "What people decided where an advisor failed becomes examples in its prompt",

  async propose({ database: { sql }, knobs, window }) {
    const { examples, failures } = await readExamples(sql, { fromMs: window.toMs - historyMs, toMs: window.toMs });
    if (failures < fewestFailures) return [];
    const current = (await readChosenPrompts(sql, knobs)).get(advisorPrompt.name);
    if (current === undefined) return [];
    const version = await keepVersion(sql, current.version, examples);
    if (version === undefined || version === current.version) return [];
    const counts = await countHealing(sql, window);
    const all = counts.advised + counts.deterministic + counts.rescued + counts.dead;
    const failed = (counts.undone + counts.rescued + counts.dead) / Math.max(1, all);
    return [{
      knob,
      after: version,
      evidence: { failures, examples: examples.length, fromVersion: current.version },
      expected: expectShare(failed, failed * 0.8, all),
    }];
  },

  measureOf: (_knob, { metrics }) => failedShare(metrics),
  // A version is never deleted, and one that no knob names has no effect.
};

/** What people decided of keys that an advisor got wrong, or that nobody could place. The newest first, the same each time. */
export async function readExamples(
  sql: SqlTag,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<{ readonly examples: PromptExample[]; readonly failures: number }> {
  const rows = await sql<PromptExample & { failures: number }>`
    with asked as (
      -- Rejected or refuted proposals, and heals of the advisor's that were taken back.
      select p.table_oid, p.key, p.target_column as wrong, p.changed_at as at from resilience.healing_patterns p
      where p.strategy = 'ai' and p.state in ('rejected', 'demoted')
        and p.changed_at >= ${new Date(fromMs)}::timestamptz and p.changed_at < ${new Date(toMs)}::timestamptz
      union all
      select h.table_oid, h.from_name, h.to_name, h.undone_at from resilience.healing_events h
      where h.strategy = 'ai' and h.undone_at is not null
        and h.healed_at >= ${new Date(fromMs)}::timestamptz and h.healed_at < ${new Date(toMs)}::timestamptz
      union all
      -- Keys that were set aside, or that a letter died of, and that a person has mapped since.
      select p.table_oid, p.key, null, p.changed_at from resilience.healing_patterns p
      where p.state = 'approved' and p.strategy <> 'ai'
        and p.changed_at >= ${new Date(fromMs)}::timestamptz and p.changed_at < ${new Date(toMs)}::timestamptz
        and (exists (select from resilience.healing_events h
            where h.table_oid = p.table_oid and h.from_name = p.key and h.to_name is null)
          or exists (select from resilience.dead_letters d where d.table_oid = p.table_oid
            and d.operation in ('insert', 'upsert', 'update') and strpos(d.payload, to_json(p.key)::text || ':') > 0))
    ),
    failed as (
      select table_oid, key, max(at) as at, array_agg(distinct wrong order by wrong) filter (where wrong is not null) as wrong
      from asked where table_oid is not null and key is not null group by table_oid, key
    )
    select n.nspname || '.' || c.relname as table, failed.key, yes.target_column as column,
      format_type(a.atttypid, a.atttypmod) as type, coalesce(failed.wrong, '{}') as not,
      count(*) over ()::integer as failures
    from failed
    join pg_catalog.pg_class c on c.oid = failed.table_oid::oid
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    left join lateral (
      select p.target_column, p.target_attnum from resilience.healing_patterns p
      where p.table_oid = failed.table_oid and p.key = failed.key and p.state = 'approved'
      order by p.changed_at desc, p.id limit 1
    ) yes on true
    left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = yes.target_attnum and not a.attisdropped
    where length(failed.key) between 1 and ${longestName}::integer
    order by failed.at desc, n.nspname, c.relname, failed.key limit ${mostExamples}::integer`;
  const examples = rows.map(({ table, key, column, type, not }) => ({ table, key, column, type, not }));
  return { examples, failures: rows[0]?.failures ?? 0 };
}

/** The version of the prompt that has these examples: one that is there, or a new one that is not active. */
async function keepVersion(
  sql: SqlTag,
  base: number,
  examples: readonly PromptExample[],
): Promise<number | undefined> {
  const variable = { type: "text", maxLength: 20_000, default: JSON.stringify(examples) };
  const lead = 'What people decided about keys before: "column" is what a key meant (null: nothing that was there), ' +
    '"not" what it did not mean. Follow them where a key and a table are alike.\n{{examples}}\n\n';
  const [row] = await sql<{ version: number }>`
    with base as (
      select * from resilience.prompts where name = ${advisorPrompt.name} and version = ${base}::integer
    ),
    wanted as (
      select name, system, model, max_tokens, is_public,
        case when variables ? 'examples' then template else ${lead}::text || template end as template,
        variables || jsonb_build_object('examples', ${JSON.stringify(variable)}::text::jsonb) as variables
      from base
    ),
    there as (
      select p.version from resilience.prompts p join wanted w using (name, system, model, max_tokens, template, variables)
      order by p.version desc limit 1
    ),
    added as (
      insert into resilience.prompts (name, system, template, variables, model, max_tokens, is_active, is_public, created_by)
      select name, system, template, variables, model, max_tokens, false, is_public, ${author} from wanted
      where not exists (select from there)
      returning version
    )
    select version from there union all select version from added`;
  return row?.version;
}
