import { type AiBudgetOptions, postgresAiBudget } from "../../_shared/ai/budget/postgresAiBudget.ts";
import type { AiBudget } from "../../_shared/ai/budget/aiBudget.ts";
import { readAiSettings } from "../../_shared/ai/client/aiSettings.ts";
import { aiCircuitOptions } from "../../_shared/ai/client/behindCircuit.ts";
import { openAiClient } from "../../_shared/ai/client/openAiClient.ts";
import { cachedPrompts } from "../../_shared/ai/prompts/cachedPrompts.ts";
import { readChosenPrompts } from "../../_shared/ai/prompts/postgresPrompts.ts";
import { openProvider } from "../../_shared/ai/provider/openProvider.ts";
import { kernelServices } from "../../_shared/http/kernelServices.ts";
import type { KernelServices } from "../../_shared/http/services.ts";
import { isolateKnobs } from "../../_shared/optimizer/knobs/isolateKnobs.ts";
import { openRetryBudget } from "../../_shared/policies/openRetryBudget.ts";
import { postgresRetryBudgetStore } from "../../_shared/policies/postgresRetryBudgetStore.ts";
import type { AiPorts, OpenAiPorts } from "./aiPorts.ts";
import { offlineRules } from "./rules/offlineRules.ts";

let made: AiPorts | undefined;

/** This isolate's ports, made at first use. They outlive a request, so their database is not bound to its signal. */
export const openAiPorts: OpenAiPorts = () => made ??= makeAiPorts(kernelServices());

function makeAiPorts(services: KernelServices): AiPorts {
  const { platform, clock, random, log, breakers } = services;
  const { apiKey, baseUrl, models, limits } = readAiSettings((name) => platform.env(name));
  const onError = (error: unknown) => log.warn("A model's call went wrong", { error });
  return {
    client: openAiClient({
      provider: apiKey === undefined ? undefined : openProvider(apiKey, baseUrl),
      circuit: breakers.getBreaker("ai", aiCircuitOptions),
      budget: lastingBudget(services, limits),
      retryBudget: openRetryBudget({
        name: "ai",
        store: postgresRetryBudgetStore(() => services.admin()),
        waitUntil: platform.waitUntil,
        clock,
        log,
      }),
      models,
      rules: offlineRules,
      clock,
      random,
      onError,
    }),
    prompts: cachedPrompts(() => readChosenPrompts(services.admin().sql, isolateKnobs(), onError), {
      clock,
      log,
      knobs: isolateKnobs(),
    }),
  };
}

/** What a call came to is booked even where its client has left and its answer with it. */
function lastingBudget({ admin, platform }: KernelServices, limits: AiBudgetOptions): AiBudget {
  const budget = postgresAiBudget(() => admin().sql, limits);
  return {
    reserve: (reservation) => budget.reserve(reservation),
    settle(id, settlement) {
      const settling = budget.settle(id, settlement);
      platform.waitUntil(settling.catch(() => undefined));
      return settling;
    },
  };
}
