import * as z from "zod";
import { AppError } from "../../errors/appError.ts";
import type { AiBudgetOptions } from "../budget/postgresAiBudget.ts";
import { AiModels } from "./aiModels.ts";
import { defaultModels } from "./defaultModels.ts";

/** What the environment says of models. */
export interface AiSettings {
  /** @default none: rules answer */
  readonly apiKey?: string;
  readonly baseUrl?: string;
  readonly models: AiModels;
  readonly limits: AiBudgetOptions;
}

const limits = {
  callerTokens: "BALLAST_AI_CALLER_TOKENS",
  callerMicroUsd: "BALLAST_AI_CALLER_MICRO_USD",
  projectMicroUsd: "BALLAST_AI_PROJECT_MICRO_USD",
} as const;

const Limit = z.union([z.literal("none").transform(() => undefined), z.coerce.number().int().nonnegative()]);

/**
 * Reads the settings: keys from `BALLAST_AI_KEY`, `ANTHROPIC_API_KEY` or `LOVABLE_API_KEY`, in this order. Throws `misconfigured`
 * with the name of the variable at fault; its value may be a secret.
 */
export function readAiSettings(env: (name: string) => string | undefined): AiSettings {
  const apiKey = env("BALLAST_AI_KEY") ?? env("ANTHROPIC_API_KEY") ?? env("LOVABLE_API_KEY");
  const baseUrl = env("BALLAST_AI_BASE_URL");
  return {
    ...apiKey === undefined ? {} : { apiKey },
    ...baseUrl === undefined ? {} : { baseUrl },
    models: readModels(env("BALLAST_AI_MODELS")),
    limits: Object.fromEntries(
      Object.entries(limits).flatMap(([name, variable]) => {
        const text = env(variable);
        return text === undefined ? [] : [[name, parse(variable, Limit, text)]];
      }),
    ),
  };
}

/** The models that come along, and over them those of the variable: name by name. */
function readModels(text: string | undefined): AiModels {
  if (text === undefined) return defaultModels;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw misconfigured("BALLAST_AI_MODELS", cause);
  }
  const own = parse("BALLAST_AI_MODELS", AiModels, json);
  const providers = new Set([...Object.keys(defaultModels), ...Object.keys(own)]);
  return Object.fromEntries([...providers].map((name) => [name, { ...defaultModels[name], ...own[name] }]));
}

function parse<Schema extends z.ZodType>(variable: string, schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw misconfigured(variable, parsed.error);
  return parsed.data;
}

function misconfigured(variable: string, cause: unknown): AppError {
  return new AppError("misconfigured", `Cannot ask models as '${variable}' makes no sense`, { cause });
}
