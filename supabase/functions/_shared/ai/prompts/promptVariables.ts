import * as z from "zod";

const bounds = { min: z.number().optional(), max: z.number().optional() };

const Variable = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("text"),
    maxLength: z.int().positive().max(100_000),
    default: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("number"), ...bounds, default: z.number().optional() }),
  z.strictObject({ type: z.literal("boolean"), default: z.boolean().optional() }),
  z.strictObject({ type: z.literal("choice"), options: z.array(z.string()).min(1), default: z.string().optional() }),
  /** Any JSON, of at most so many characters. */
  z.strictObject({ type: z.literal("json"), maxLength: z.int().positive().max(100_000) }),
]);

/** A variable of a prompt. Text and JSON come from outside; numbers, booleans and choices can say nothing else. */
export type PromptVariable = z.output<typeof Variable>;

/** The variables of a prompt, by name. */
export const PromptVariables = z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,62}$/), Variable);

/** The variables of a prompt, by name. */
export type PromptVariables = z.output<typeof PromptVariables>;

/** The values a caller gives; names that are not of the prompt are refused. */
export function valuesSchema(variables: PromptVariables): z.ZodType<Record<string, unknown>> {
  return z.strictObject(Object.fromEntries(Object.entries(variables).map(([name, one]) => [name, valueSchema(one)])));
}

function valueSchema(variable: PromptVariable): z.ZodType {
  switch (variable.type) {
    case "text":
      return optional(z.string().max(variable.maxLength), variable.default);
    case "number": {
      const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = variable;
      return optional(z.number().min(min).max(max), variable.default);
    }
    case "boolean":
      return optional(z.boolean(), variable.default);
    case "choice":
      return optional(z.enum(variable.options as [string, ...string[]]), variable.default);
    case "json":
      return z.json().refine(
        (value) => JSON.stringify(value).length <= variable.maxLength,
        `Must be at most ${variable.maxLength} characters of JSON`,
      );
  }
}

function optional(schema: z.ZodType, fallback: unknown): z.ZodType {
  return fallback === undefined ? schema : schema.default(fallback);
}
