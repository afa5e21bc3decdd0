import type { AiModels } from "./aiModels.ts";

/**
 * The models that are used unless the configuration says otherwise, with their list prices of November 2026: the one place that
 * names any.
 */
export const defaultModels: AiModels = {
  anthropic: {
    fast: {
      id: "claude-haiku-5-5",
      input: 0.1,
      output: 0.5,
      cacheRead: 0.01,
      cacheWrite: 0.125,
      longPrompt: { fromTokens: 100_001, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
      hasTemperature: false,
    },
    capable: {
      id: "claude-sonnet-5-5",
      input: 2,
      output: 10,
      cacheRead: 0.2,
      cacheWrite: 2.5,
      hasTemperature: false,
    },
  },
  gateway: {
    fast: { id: "google/gemini-2.5-flash", input: 0.3, output: 2.5 },
    capable: {
      id: "google/gemini-2.5-pro",
      input: 1.25,
      output: 10,
      longPrompt: { fromTokens: 200_001, input: 2.5, output: 15 },
    },
  },
};
