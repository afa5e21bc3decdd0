import * as z from "zod";
import { dataBlock, dataNotice } from "../hygiene/dataBlock.ts";
import { Redaction } from "../hygiene/redaction.ts";
import type { SecretKind } from "../hygiene/secretSpans.ts";
import type { JsonSchema, OfferedTool, ProviderCall, ProviderMessage } from "../provider/aiProvider.ts";
import type { AiMessage, AiRequest, AiTool } from "./aiClient.ts";
import type { AiModel } from "./aiModels.ts";

/** A request as it may leave, and what brings its answer back. */
export interface PreparedRequest {
  readonly call: ProviderCall;
  readonly redaction: Redaction;
  readonly restores: readonly SecretKind[];
  /** The tools that may run, by name. */
  readonly tools: ReadonlyMap<string, AiTool>;
}

/** Hides what must not leave, wraps what comes from outside, and offers the tools that are allowed. */
export function prepareRequest(request: AiRequest, model: AiModel, answerSchema?: JsonSchema): PreparedRequest {
  const { system, messages, maxTokens, temperature, tools = [], allowedTools = [], restores = ["email"] } = request;
  const redaction = new Redaction();
  const hasData = messages.some((message) =>
    message.role === "user" && message.parts.some(({ kind }) => kind === "data")
  );
  const hiddenSystem = redaction.hide(system);
  const allowed = tools.filter(({ name }) => allowedTools.includes(name));
  return {
    redaction,
    restores,
    tools: new Map(allowed.map((tool) => [tool.name, tool])),
    call: {
      model: model.id,
      system: hasData || allowed.length > 0
        ? [hiddenSystem, dataNotice].filter((text) => text !== "").join("\n\n")
        : hiddenSystem,
      // A prompt of a version is the same each time; one without is not worth the price of being written to a cache.
      isSystemCached: request.prompt.version > 0,
      messages: messages.map((message) => toProviderMessage(message, redaction)),
      maxTokens,
      ...model.maxTokensField === undefined ? {} : { maxTokensField: model.maxTokensField },
      ...temperature === undefined || model.hasTemperature === false ? {} : { temperature },
      tools: allowed.map((tool) => offer(tool, redaction)),
      ...answerSchema === undefined ? {} : { answerSchema: redaction.hideIn(answerSchema) as JsonSchema },
    },
  };
}

function toProviderMessage(message: AiMessage, redaction: Redaction): ProviderMessage {
  if (message.role === "assistant") return { role: "assistant", text: redaction.hide(message.text), toolCalls: [] };
  const text = message.parts.map((part) =>
    part.kind === "text" ? redaction.hide(part.text) : dataBlock(part.name, redaction.hide(part.data))
  );
  return { role: "user", text: text.join("") };
}

function offer({ name, description, input }: AiTool, redaction: Redaction): OfferedTool {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" }) as Record<string, unknown>;
  return { name, description: redaction.hide(description), input: redaction.hideIn(schema) as JsonSchema };
}
