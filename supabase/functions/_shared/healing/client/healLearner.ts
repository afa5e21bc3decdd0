import type { TableSnapshot } from "../../schema/snapshot.ts";
import { learnOutcomes } from "../patterns/learnOutcomes.ts";
import type { PatternPolicy } from "../patterns/patternPolicy.ts";
import type { PatternStore } from "../patterns/patternStore.ts";
import type { HealDraft } from "../plan/healDraft.ts";
import { ruleIdsIn } from "../rules/postgresRuleStore.ts";
import type { RuleStore } from "../rules/ruleStore.ts";
import { learnRules } from "../rules/ruleTrust.ts";

/** Evidence that is worth remembering: identity and an operator's word need no proof. */
const learned: ReadonlySet<string> = new Set(["pattern", "convention", "rule", "matcher", "ai"]);

/** A finding whose row has landed, or was refused for it. */
export interface LearnedHeal {
  readonly heal: HealDraft;
  readonly table: TableSnapshot;
  readonly schemaHash: string;
  readonly hasLanded: boolean;
}

/** How outcomes are told. */
export interface HealLearnerOptions {
  readonly store: () => PatternStore | undefined;
  /** @default rules are told nothing */
  readonly rules?: () => RuleStore | undefined;
  /** When outcomes move a pattern, as it holds now. */
  readonly policy: () => PatternPolicy;
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly onError: (error: unknown) => void;
}

/** Tells what came of findings, after the write and apart from it: a lesson lost costs a write more of the same. */
export class HealLearner {
  readonly #options: HealLearnerOptions;
  #telling: Promise<void> = Promise.resolve();

  constructor(options: HealLearnerOptions) {
    this.#options = options;
  }

  note(heals: readonly LearnedHeal[]): void {
    const worthy = heals.filter(({ heal }) => learned.has(heal.strategy) && heal.to !== undefined && isKey(heal.from));
    if (worthy.length === 0) return;
    this.#telling = this.#telling.then(() => this.#tell(worthy)).catch(this.#options.onError);
    this.#options.waitUntil(this.#telling);
  }

  /** Waits until all that was noted is told. */
  flush(): Promise<void> {
    return this.#telling;
  }

  async #tell(heals: readonly LearnedHeal[]): Promise<void> {
    const { rules, policy } = this.#options;
    const store = this.#options.store();
    if (store === undefined) return;
    for (const { heal, table, schemaHash, hasLanded } of heals) {
      const target = table.columns.find(({ name }) => name === heal.to);
      if (target === undefined) continue;
      const [pattern] = await store.propose([{
        tableOid: table.oid,
        tableSchema: table.schema,
        tableName: table.name,
        key: heal.from!,
        targetAttnum: target.attnum,
        targetColumn: target.name,
        strategy: heal.strategy,
        coercion: null,
        schemaHash,
      }]);
      if (pattern === undefined) continue;
      await learnOutcomes(store, [{
        patternId: pattern.id,
        successes: hasLanded ? 1 : 0,
        failures: hasLanded ? 0 : 1,
      }], policy());
    }
    const told = heals.flatMap(({ heal, hasLanded }) =>
      heal.strategy !== "rule" ? [] : ruleIdsIn(heal.evidence).map((ruleId) => ({
        ruleId,
        successes: hasLanded ? 1 : 0,
        failures: hasLanded ? 0 : 1,
      }))
    );
    const ruleStore = rules?.();
    if (told.length > 0 && ruleStore !== undefined) await learnRules(ruleStore, told);
  }
}

/** A key that a pattern can be kept for. */
function isKey(key: string | undefined): boolean {
  return key !== undefined && key.length > 0 && key.length <= 200 && !key.includes("\0");
}
