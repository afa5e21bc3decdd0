import type { SqlTag } from "../db/database.ts";
import { aiMappingAdvisor } from "./aiMappingAdvisor.ts";
import { type AiBudgetOptions, postgresAiBudget } from "./budget/postgresAiBudget.ts";
import type { Circuit } from "../breaker/circuit.ts";
import { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import { postgresCircuitStore } from "../breaker/postgresCircuitStore.ts";
import { aiCircuitOptions } from "./client/behindCircuit.ts";
import { openAiClient } from "./client/openAiClient.ts";
import { defaultKnobs, type KnobReader } from "../optimizer/knobs/knobReader.ts";
import { isolateHub } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import { systemClock } from "../time/clock.ts";
import type { MappingAdvisor } from "./mappingAdvisor.ts";
import { cachedPrompts } from "./prompts/cachedPrompts.ts";
import { readChosenPrompts } from "./prompts/postgresPrompts.ts";
import { openProvider } from "./provider/openProvider.ts";

/** What an advisor with a key of its own is made of. */
export interface KeyedMappingAdvisorOptions {
  readonly apiKey: string;
  /** @default the provider's own, by the key */
  readonly baseUrl?: string | undefined;
  /** With the rights of the service: where the budget is kept. */
  readonly sql: SqlTag;
  /** @default one that the fleet shares through the same database */
  readonly circuit?: Circuit | undefined;
  readonly budget?: AiBudgetOptions | undefined;
  /** Say which version of the prompt is used, and how long an answer may take. @default defaultKnobs */
  readonly knobs?: KnobReader | undefined;
  /** @default isolateHub */
  readonly observer?: KernelObserver | undefined;
  readonly onError: (error: unknown) => void;
}

/** An advisor over the provider that its key is for. Whoever has no key does not load this. */
export function keyedMappingAdvisor(options: KeyedMappingAdvisorOptions): MappingAdvisor {
  const {
    apiKey,
    baseUrl,
    sql,
    circuit = circuitOver(sql),
    budget,
    knobs = defaultKnobs,
    observer = isolateHub,
    onError,
  } = options;
  const client = openAiClient({
    provider: openProvider(apiKey, baseUrl),
    circuit,
    budget: postgresAiBudget(() => sql, budget),
    observer,
    onError,
  });
  const log = { warn: (message: string) => onError(new Error(message)), info: () => {} };
  const prompts = cachedPrompts(() => readChosenPrompts(sql, knobs, onError), { clock: systemClock, log });
  return aiMappingAdvisor(client, { prompts, knobs, observer, onError });
}

function circuitOver(sql: SqlTag): Circuit {
  return new CircuitRegistry({ store: () => postgresCircuitStore(() => ({ sql })) }).getBreaker("ai", aiCircuitOptions);
}
