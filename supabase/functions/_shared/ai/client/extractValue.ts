import * as z from "zod";
import { AppError } from "../../errors/appError.ts";
import type { JsonSchema } from "../provider/aiProvider.ts";
import { addUsage } from "../provider/tokenUsage.ts";
import type { AiRequest, AiResult } from "./aiClient.ts";
import { toAnswerSchema } from "./answerSchema.ts";

const mostIssues = 10;

/** Asks for a value of a schema. An answer that does not fit goes back once, with what is wrong with it. */
export async function extractValue<Schema extends z.ZodType>(
  schema: Schema,
  request: AiRequest,
  complete: (request: AiRequest, answerSchema: JsonSchema) => Promise<AiResult>,
): Promise<AiResult & { readonly value: z.output<Schema> }> {
  const answerSchema = toAnswerSchema(schema);
  const first = await complete(request, answerSchema);
  const read = readValue(schema, first.text);
  if (read.isFit) return { ...first, value: read.value };
  if (first.source === "offline-rules" || first.source === "fallback") throw unusable(request, read.issues);
  const again = await complete({
    ...request,
    messages: [
      ...request.messages,
      { role: "assistant", text: first.text === "" ? "(nothing)" : first.text },
      {
        role: "user",
        parts: [{ kind: "text", text: "That answer does not fit. Answer again, with JSON of the schema alone.\n" }, {
          kind: "data",
          name: "issues",
          data: read.issues,
        }],
      },
    ],
  }, answerSchema);
  const repaired = readValue(schema, again.text);
  if (!repaired.isFit) throw unusable(request, repaired.issues);
  return { ...again, ...sumOf(first, again), value: repaired.value };
}

type Read<Schema extends z.ZodType> =
  | { readonly isFit: true; readonly value: z.output<Schema> }
  | { readonly isFit: false; readonly issues: string };

function readValue<Schema extends z.ZodType>(schema: Schema, text: string): Read<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(withoutFence(text));
  } catch {
    return { isFit: false, issues: "It is not JSON" };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { isFit: true, value: parsed.data };
  const issues = parsed.error.issues.slice(0, mostIssues).map(({ path, message }) => `${path.join(".")}: ${message}`);
  return { isFit: false, issues: issues.join("\n") };
}

/** Models like to wrap JSON in Markdown, even where they are told not to. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([^]*)\n\s*```\s*$/.exec(text)?.[1] ?? text;
}

function sumOf(first: AiResult, again: AiResult): Pick<AiResult, "usage" | "costMicroUsd" | "isEstimated"> {
  return {
    usage: addUsage(first.usage, again.usage),
    costMicroUsd: first.costMicroUsd + again.costMicroUsd,
    isEstimated: first.isEstimated || again.isEstimated,
  };
}

function unusable({ prompt }: AiRequest, issues: string): AppError {
  return new AppError("ai_answer_unusable", `Cannot use the answer to '${prompt.name}' as it does not fit its schema`, {
    cause: new Error(issues),
  });
}
