import * as z from "zod";
import type { AiRequest, AiResult } from "../../_shared/ai/client/aiClient.ts";
import type { Prompt } from "../../_shared/ai/prompts/prompt.ts";
import { renderPrompt } from "../../_shared/ai/prompts/renderPrompt.ts";
import { AppError } from "../../_shared/errors/appError.ts";
import { rateLimitScope } from "../../_shared/http/callerScope.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { EventStream } from "../../_shared/http/eventStream.ts";
import type { AiPorts, OpenAiPorts } from "./aiPorts.ts";
import { completion, promptName } from "./aiSchemas.ts";
import { streamCompletion } from "./streamCompletion.ts";

/** What a client asks: a prompt by its name, and its variables. Models and prompts are the project's to choose. */
export const CompletePromptInput = z.strictObject({
  prompt: promptName,
  variables: z.record(z.string().max(64), z.json()).default({}),
  /** Server-sent events instead of JSON. */
  stream: z.boolean().default(false),
  /** The same question within five minutes may get the same answer. */
  mayReuse: z.boolean().default(false),
});

/** The answer, where no stream was asked for. */
export const CompletePromptOutput = completion;

const reuseMs = 300_000;
/** Time enough left to say that a model took too long. */
const marginMs = 500;
const streamDeadlineMs = 120_000;

type Context = Pick<RequestContext, "caller" | "signal" | "deadline" | "requestId" | "log">;

/** Answers a prompt, in one piece or as it comes, on the caller's own budget. */
export function completePrompt(open: OpenAiPorts) {
  return async (
    input: z.output<typeof CompletePromptInput>,
    ctx: Context,
  ): Promise<z.input<typeof CompletePromptOutput> | EventStream> => {
    const ports = open();
    const prompt = await findPrompt(ports, input.prompt, ctx);
    const request = toRequest(prompt, input, ctx);
    if (input.stream) {
      return await streamCompletion(ports.client.stream(request), (result) => told(prompt, result), ctx);
    }
    return told(prompt, await ports.client.complete(request));
  };
}

/** What is not public is not there, for those without the secret key. */
async function findPrompt({ prompts }: AiPorts, name: string, { caller }: Context): Promise<Prompt> {
  const prompt = await prompts.find(name);
  if (prompt !== undefined && (prompt.isPublic || caller.kind === "secret")) return prompt;
  throw new AppError("not_found", `Cannot answer as there is no prompt named '${name}'`);
}

function toRequest(
  prompt: Prompt,
  { variables, stream, mayReuse }: z.output<typeof CompletePromptInput>,
  { caller, signal, deadline }: Context,
): AiRequest {
  const { parts, values } = renderPrompt(prompt, variables);
  const { name, version, model, system, maxTokens } = prompt;
  return {
    prompt: { name, version },
    caller: rateLimitScope(caller),
    model,
    system,
    messages: [{ role: "user", parts }],
    maxTokens,
    values,
    signal,
    deadlineMs: stream ? streamDeadlineMs : Math.max(1, deadline.remainingMs() - marginMs),
    ...mayReuse && !stream ? { reuseMs } : {},
  };
}

function told({ name, version }: Prompt, result: AiResult): z.input<typeof CompletePromptOutput> {
  const { text, source, model, stop, usage, costMicroUsd, isEstimated } = result;
  return { text, source, prompt: { name, version }, model, stop, usage, costMicroUsd, isEstimated };
}
