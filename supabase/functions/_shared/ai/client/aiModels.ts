import * as z from "zod";

const rate = z.number().nonnegative();

const Price = z.strictObject({
  /** Dollars a million tokens, which is also millionths of a dollar a token. */
  input: rate,
  output: rate,
  /** @default as input */
  cacheRead: rate.optional(),
  /** @default as input */
  cacheWrite: rate.optional(),
});

const Model = Price.extend({
  /** The name that the provider knows it by. */
  id: z.string().min(1),
  /** What everything costs once a prompt is this long. */
  longPrompt: Price.extend({ fromTokens: z.int().positive() }).optional(),
  /** Does it take a temperature? Some of the newest do not. @default true */
  hasTemperature: z.boolean().optional(),
  /** Some of OpenAI's models refuse `max_tokens`. @default "max_tokens" */
  maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]).optional(),
});

/** What tokens cost, in dollars a million. */
export type AiPrice = z.output<typeof Price>;

/** A model, and what it costs. */
export type AiModel = z.output<typeof Model>;

/** Which model a name stands for, by provider: prompts say `fast`, and each provider has a model that is. */
export const AiModels = z.record(z.string(), z.record(z.string(), Model));

/** Which model a name stands for, by provider. */
export type AiModels = z.output<typeof AiModels>;

/** The model that `name` stands for: an alias, or a model's own name that the configuration has a price for. */
export function findModel(models: AiModels, provider: string, name: string): AiModel | undefined {
  const known = Object.hasOwn(models, provider) ? models[provider]! : {};
  if (Object.hasOwn(known, name)) return known[name];
  return Object.values(known).find(({ id }) => id === name);
}
