import type { SqlTag } from "../db/database.ts";
import { aiMappingAdvisor } from "./aiMappingAdvisor.ts";
import { type AiBudgetOptions, postgresAiBudget } from "./budget/postgresAiBudget.ts";
import type { Circuit } from "../breaker/circuit.ts";
import { CircuitRegistry } from "../breaker/circuitRegistry.ts";
import { postgresCircuitStore } from "../breaker/postgresCircuitStore.ts";
import { aiCircuitOptions } from "./client/behindCircuit.ts";
import { openAiClient } from "./client/openAiClient.ts";
import type { MappingAdvisor } from "./mappingAdvisor.ts";
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
  readonly onError: (error: unknown) => void;
}

/** An advisor over the provider that its key is for. Whoever has no key does not load this. */
export function keyedMappingAdvisor(options: KeyedMappingAdvisorOptions): MappingAdvisor {
  const { apiKey, baseUrl, sql, circuit = circuitOver(sql), budget, onError } = options;
  return aiMappingAdvisor(openAiClient({
    provider: openProvider(apiKey, baseUrl),
    circuit,
    budget: postgresAiBudget(() => sql, budget),
    onError,
  }));
}

function circuitOver(sql: SqlTag): Circuit {
  return new CircuitRegistry({ store: () => postgresCircuitStore(() => ({ sql })) }).getBreaker("ai", aiCircuitOptions);
}
