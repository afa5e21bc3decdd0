import * as z from "zod";
import { AppError } from "../../errors/appError.ts";
import type { AiPart } from "../client/aiClient.ts";
import type { Prompt } from "./prompt.ts";
import { type PromptVariables, valuesSchema } from "./promptVariables.ts";

const place = /\{\{\s*([A-Za-z0-9]+)\s*\}\}/g;

/** A prompt with its values in place. */
export interface RenderedPrompt {
  readonly parts: readonly AiPart[];
  /** The values, checked and with their defaults. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What is wrong with a prompt that names variables it does not have; `undefined` where nothing is. */
export function templateProblem(template: string, variables: PromptVariables): string | undefined {
  const unknown = [...template.matchAll(place)].map(([, name]) => name!).find((name) =>
    !Object.hasOwn(variables, name)
  );
  return unknown === undefined ? undefined : `the template names '${unknown}', which is no variable of it`;
}

/**
 * Puts a caller's values into a prompt's template. Text and JSON become blocks of data; the template's own words stay apart from
 * them as text. Throws `invalid_input` where a value does not fit.
 */
export function renderPrompt(prompt: Prompt, given: Readonly<Record<string, unknown>>): RenderedPrompt {
  const parsed = valuesSchema(prompt.variables).safeParse(given);
  if (!parsed.success) throw unfit(prompt, parsed.error);
  const values = parsed.data;
  const parts: AiPart[] = [];
  let at = 0;
  for (const match of prompt.template.matchAll(place)) {
    const name = match[1]!;
    const variable = Object.hasOwn(prompt.variables, name) ? prompt.variables[name] : undefined;
    if (variable === undefined) {
      throw new Error(`Cannot render prompt '${prompt.name}' as '${name}' is no variable of it`);
    }
    parts.push({ kind: "text", text: prompt.template.slice(at, match.index) });
    const value = values[name];
    if (variable.type === "text") parts.push({ kind: "data", name, data: value as string });
    else if (variable.type === "json") parts.push({ kind: "data", name, data: JSON.stringify(value) });
    else parts.push({ kind: "text", text: String(value) });
    at = match.index + match[0].length;
  }
  parts.push({ kind: "text", text: prompt.template.slice(at) });
  return { parts: parts.filter((part) => part.kind === "data" || part.text !== ""), values };
}

function unfit({ name }: Prompt, { issues }: z.ZodError): AppError {
  return new AppError("invalid_input", `Cannot fill in prompt '${name}' as its variables do not fit`, {
    details: {
      issues: issues.map(({ path, code, message }) => ({
        path: ["variables", ...path].join("."),
        code: code ?? "",
        message,
      })),
    },
  });
}
