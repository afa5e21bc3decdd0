import type { Breaker } from "../../breaker/breaker.ts";
import type { Database } from "../../db/database.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { Random } from "../../random/random.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";
import type { Clock } from "../../time/clock.ts";
import type { PatternShelf } from "../evidence/patternShelf.ts";
import type { Writer } from "../ledger/heal.ts";
import type { HealingLedger } from "../ledger/healingLedger.ts";
import type { PatternPolicy } from "../patterns/patternPolicy.ts";
import type { PatternStore } from "../patterns/patternStore.ts";
import type { RuleShelf } from "../rules/ruleShelf.ts";
import type { RuleStore } from "../rules/ruleStore.ts";
import type { NoteJournal } from "../landing/noteJournal.ts";
import type { WriteRoute } from "../landing/route.ts";
import type { PlanCache } from "../plan/planCache.ts";
import type { PlanningDeps } from "../plan/replan.ts";
import type { SpillQueue } from "../spill/spillQueue.ts";
import type { HealLearner } from "./healLearner.ts";
import type { SchemaKnowledge } from "./schemaKnowledge.ts";

/** What healing reads and writes for itself, with rights of its own: the caller's say nothing about it. */
export interface HealingKernel {
  readonly database: Database;
  readonly schema: SchemaKnowledge;
  readonly ledger: HealingLedger;
  readonly patterns: PatternStore;
  readonly shelf: PatternShelf;
  readonly ruleStore: RuleStore;
  readonly rules: RuleShelf;
  /** When patterns are trusted, by now. */
  readonly policy: () => PatternPolicy;
  readonly planning: PlanningDeps;
}

/** What a resilient database is made of. */
export interface HealingDeps {
  readonly route: WriteRoute;
  /** Made at first need; undefined where there is none: then statements are retried, and nothing is healed. */
  kernel(): HealingKernel | undefined;
  /** Gets to know the schema, once and behind the first write: a later rename is then seen as one. */
  warmUp(): void;
  /** Whose rights the route has, where the kernel keeps the ledger under others. @default the kernel's */
  readonly writer?: Writer;
  readonly plans: PlanCache;
  readonly journal: NoteJournal;
  readonly learner: HealLearner;
  /** Keeps calls away while the database is down. */
  readonly breaker: Breaker;
  readonly spill: SpillQueue;
  readonly clock: Clock;
  readonly random: Random;
  /** No wait outlives it. */
  readonly deadline?: { remainingMs(): number };
  /** Names the request that is served now in what is written down: a long-lived database serves many. */
  requestId(): string | undefined;
  /** Is told what is done. */
  readonly hub: KernelHub;
  /** What is turned while the code runs. */
  readonly knobs: KnobReader;
  /** Hears of what failed beside a statement, such as a note that could not be written. */
  onError(error: unknown): void;
}
