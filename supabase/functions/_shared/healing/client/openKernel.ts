import type { MappingAdvisor } from "../../ai/mappingAdvisor.ts";
import type { Database } from "../../db/database.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";
import { tellInvalidation } from "../../telemetry/tellInvalidation.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { Clock } from "../../time/clock.ts";
import type { Random } from "../../random/random.ts";
import { createNameHistory } from "../../schema/nameHistory.ts";
import type { SchemaChange } from "../../schema/schemaChange.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { SchemaVersionManager } from "../../schema/schemaVersionManager.ts";
import { postgresSchemaVersionStore } from "../../schema/schemaVersionStore.ts";
import type { TableTypes } from "../../connect/tableTypes.ts";
import type { DeveloperMappings } from "../evidence/developerMappings.ts";
import { evidenceSources } from "../evidence/evidenceSources.ts";
import type { AiMode } from "../evidence/aiEvidence.ts";
import { createPatternShelf } from "../evidence/patternShelf.ts";
import { postgresColumnStatistics } from "../evidence/postgresColumnStatistics.ts";
import { postgresQuestionClaims } from "../evidence/postgresQuestionClaims.ts";
import { postgresHealingLedger } from "../ledger/postgresHealingLedger.ts";
import { postgresPatternStore } from "../patterns/postgresPatternStore.ts";
import { patternPolicy } from "../patterns/patternPolicy.ts";
import { rescopePatterns } from "../patterns/rescopePatterns.ts";
import type { PlanCache } from "../plan/planCache.ts";
import { postgresRuleStore } from "../rules/postgresRuleStore.ts";
import { createRuleShelf } from "../rules/ruleShelf.ts";
import type { HealingKernel } from "./healingDeps.ts";
import { SchemaKnowledge } from "./schemaKnowledge.ts";

/** What a kernel is made of. */
export interface KernelParts {
  readonly database: Database;
  readonly manager: SchemaVersionManager;
  readonly plans: PlanCache;
  readonly types: TableTypes;
  readonly mappings: DeveloperMappings;
  readonly ai: AdvisorParts | undefined;
  readonly knobs: KnobReader;
  readonly clock: Clock;
  readonly random: Random;
  readonly hub: KernelHub;
  /** Hears of changes that can hurt at once. */
  readonly onCriticalChange: (changes: readonly SchemaChange[]) => void;
  readonly onError: (error: unknown) => void;
}

/** Who is asked what all else leaves open. */
export interface AdvisorParts {
  readonly advisor: MappingAdvisor;
  readonly mode?: AiMode;
}

/** Makes what healing needs for itself; nothing is read before it is used. */
export function openKernel(parts: KernelParts): HealingKernel {
  const { database, manager, plans, types, mappings, ai, knobs, clock, random } = parts;
  const { hub, onCriticalChange, onError } = parts;
  const patterns = postgresPatternStore(database.sql);
  const versions = postgresSchemaVersionStore(database);
  const history = createNameHistory(database.sql);
  const shelf = createPatternShelf(patterns, { clock });
  const ruleStore = postgresRuleStore(database.sql);
  const rules = createRuleShelf({ store: ruleStore, knobs, clock });
  const follow = ({ hash, version }: KnownSchema) => {
    if (plans.follow(hash)) tellInvalidation(hub, "plans", `schema:${version}`);
  };
  const schema = new SchemaKnowledge(manager, follow, async (changes, { hash, version, snapshot }) => {
    types.clear();
    history.forget();
    shelf.forget();
    rules.forget();
    const dropped = ["column-types", "column-names", "patterns", "rules"];
    for (const cache of dropped) tellInvalidation(hub, cache, `schema:${version}`);
    const critical = changes.filter(({ severity }) => severity === "critical");
    if (critical.length > 0) onCriticalChange(critical);
    await rescopePatterns(patterns, { hash, snapshot }, versions.find).catch(onError);
    shelf.forget();
  });
  const sources = evidenceSources({
    history,
    shelf,
    rules,
    mappings,
    matcher: { knobs, statistics: postgresColumnStatistics(database.sql), clock, onError },
    ...ai === undefined
      ? {}
      : { ai: { ...ai, patterns, claims: postgresQuestionClaims(database.sql), clock, onError } },
  });
  return {
    database,
    schema,
    patterns,
    shelf,
    ruleStore,
    rules,
    policy: () => patternPolicy({}, knobs),
    ledger: postgresHealingLedger(database.sql),
    planning: { sources, history, newId: () => random.uuid(), onError },
  };
}
