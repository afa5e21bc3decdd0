import type { MappingAdvisor } from "../../ai/mappingAdvisor.ts";
import type { Breaker } from "../../breaker/breaker.ts";
import type { Circuit } from "../../breaker/circuit.ts";
import type { KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { Random } from "../../random/random.ts";
import type { SchemaChange } from "../../schema/schemaChange.ts";
import type { SchemaVersionManager } from "../../schema/schemaVersionManager.ts";
import type { KernelObserver } from "../../telemetry/kernelObserver.ts";
import type { Clock } from "../../time/clock.ts";
import type { AiMode } from "../evidence/aiEvidence.ts";
import type { DeveloperMappings } from "../evidence/developerMappings.ts";
import type { RouteSource } from "../landing/openRoute.ts";
import type { SpillLimits } from "../spill/spillStatus.ts";

/** Options of a resilient database. */
export interface ResilientDbOptions {
  /**
   * Where healing reads the schema and keeps its ledger: a database with the rights of the service. @default the source, where
   * that is a connection string or a postgres.js client
   */
  ledger?: Exclude<RouteSource, { from: unknown }>;
  /** The schemas whose tables heal. @default ["public"] */
  schemas?: readonly string[];
  /** How often the schema is looked at besides, in milliseconds; 0: only when a write fails. @default schemaPollKnob */
  schemaPollMs?: number;
  /** Where knobs are read. @default the isolate's */
  knobs?: KnobReader;
  /** A manager that watches the schema already, and stays its owner's to close. @default one of its own */
  schemaVersions?: SchemaVersionManager;
  /** Which column a key means, by table: `{ orders: { totl: "total" } }`. */
  mappings?: DeveloperMappings;
  /** The key of a model's provider: then a model is asked about names that all else leaves open. @default nobody is asked */
  aiKey?: string;
  /** Where the key is good for, but for Anthropic's keys, which say so themselves. @default Lovable's gateway */
  aiBaseUrl?: string;
  /** What stands before the provider. @default one of this isolate alone */
  aiCircuit?: Circuit;
  /** Who is asked instead of a model. @default a model, where there is a key for one */
  advisor?: MappingAdvisor;
  /** @default "propose" */
  ai?: AiMode;
  /** Stands before the database while it is down. @default one of this isolate alone */
  breaker?: Breaker;
  /** How much is kept in memory of writes with `durability: "spill"`. */
  spill?: SpillLimits;
  /** Connections held at once, for sources that are connection strings. @default 1 */
  poolSize?: number;
  /** No wait outlives it. @default none */
  deadline?: { remainingMs(): number };
  /** Names the request in what is written down. @default the one that is served when a call is made */
  requestId?: string;
  /** Keeps the isolate alive until work behind the answer is done. @default the runtime's */
  waitUntil?: (work: Promise<unknown>) => void;
  /** Hears of schema changes that break the writes made for the schema before. */
  onCriticalChange?: (changes: readonly SchemaChange[]) => void;
  /** Hears of what failed beside a statement. @default nobody */
  onError?: (error: unknown) => void;
  /** Is told what is done. @default the isolate's hub */
  observer?: KernelObserver;
  /** @default systemClock */
  clock?: Clock;
  /** @default systemRandom */
  random?: Random;
}
