import type * as z from "zod";
import type { Circuit } from "../../breaker/circuit.ts";
import { AppError } from "../../errors/appError.ts";
import type { RetryBudget } from "../../policies/retryBudget.ts";
import { hubOf } from "../../telemetry/kernelHub.ts";
import type { KernelObserver } from "../../telemetry/kernelObserver.ts";
import { type Random, systemRandom } from "../../random/random.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import type { AiBudget } from "../budget/aiBudget.ts";
import { StreamedRestorer } from "../hygiene/streamedRestorer.ts";
import type { AiProvider, JsonSchema, ProviderAnswer, ProviderMessage } from "../provider/aiProvider.ts";
import { AiProviderError } from "../provider/aiProviderError.ts";
import type { AiClient, AiRequest, AiResult, AiSource, AiStreamEvent } from "./aiClient.ts";
import { type AiModel, type AiModels, findModel } from "./aiModels.ts";
import { AiTeller } from "./aiTeller.ts";
import { AnswerMemory } from "./answerMemory.ts";
import { defaultModels } from "./defaultModels.ts";
import { extractValue } from "./extractValue.ts";
import { type GuardedCall, guardProvider } from "./guardedProvider.ts";
import { answerByRule, type OfflineRules } from "./offlineRules.ts";
import { prepareRequest } from "./preparedRequest.ts";
import { limit, type Limits } from "./requestLimits.ts";
import { resultOf, Rounds, type Running } from "./rounds.ts";
import { isOutage, toAiAppError } from "./toAiAppError.ts";

/** What a client is made of. */
export interface AiClientParts {
  /** @default none: rules answer */
  readonly provider?: AiProvider | undefined;
  readonly circuit: Circuit;
  readonly budget: AiBudget;
  /** What pays for trying again: the fleet's reserve. @default nothing: every retry is made */
  readonly retryBudget?: RetryBudget;
  /** @default defaultModels */
  readonly models?: AiModels;
  /** Answers where there is no provider, and where it is down. @default {} */
  readonly rules?: OfflineRules;
  /** Shared by the clients of an isolate. @default one of its own */
  readonly memory?: AnswerMemory;
  /** Hears of what failed beside an answer. @default nobody */
  readonly onError?: (error: unknown) => void;
  /** Is told what is asked, and what came of it. @default the isolate's hub */
  readonly observer?: KernelObserver;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default systemRandom */
  readonly random?: Random;
}

/** Puts a client together; nothing is loaded or asked before it is used. */
export function openAiClient(parts: AiClientParts): AiClient {
  const { provider, circuit, budget, retryBudget, models = defaultModels, rules = {} } = parts;
  const { onError = () => {}, clock = systemClock, random = systemRandom } = parts;
  const { memory = new AnswerMemory({ clock }) } = parts;
  const teller = new AiTeller(hubOf(parts.observer), clock);
  const guard = provider && guardProvider({ provider, circuit, budget, retryBudget, clock, random, onError, teller });

  function byRules(request: AiRequest, source: AiSource): AiResult | undefined {
    const text = answerByRule(rules, request);
    if (text === undefined) return undefined;
    const result = resultOf(text, source, "end");
    teller.answered(result);
    return result;
  }

  function modelOf(request: AiRequest, provider: AiProvider): AiModel {
    const model = findModel(models, provider.name, request.model);
    if (model !== undefined) return model;
    throw new AppError(
      "misconfigured",
      `Cannot ask model '${request.model}' as '${provider.name}' has none of that name`,
    );
  }

  /** Runs `work` within the request's deadline and its caller's signal. */
  async function within<Result>(request: AiRequest, work: (limits: Limits) => Promise<Result>): Promise<Result> {
    const limits = limit(request, clock);
    try {
      return await work(limits);
    } finally {
      limits.end();
    }
  }

  async function ask(running: Running, messages: readonly ProviderMessage[], asked: AbortSignal) {
    const { request, prepared, model, deadline } = running;
    const { caller, prompt } = request;
    const call = { ...prepared.call, messages };
    const guarded = (signal: AbortSignal): GuardedCall => ({ call, model, caller, prompt, signal, deadline });
    const { reuseMs } = request;
    if (reuseMs === undefined) {
      const spent = await guard!.complete(guarded(asked));
      return { answer: spent.answer, spent };
    }
    const question = { caller, provider: provider!.name, call, reuseMs };
    const { answer, guarded: spent } = await memory.answer(
      question,
      (signal) => guard!.complete(guarded(signal)),
      asked,
    );
    return { answer, spent };
  }

  async function completeBy(request: AiRequest, provider: AiProvider, answerSchema?: JsonSchema): Promise<AiResult> {
    checkReuse(request);
    const model = modelOf(request, provider);
    const prepared = prepareRequest(request, model, answerSchema);
    const end = teller.begin(request.model);
    return await within(request, async ({ signal, deadline }) => {
      const running = { request, model, prepared, signal, deadline };
      const rounds = new Rounds(running, onError);
      for (;;) {
        const { answer, spent } = await ask(running, rounds.messages, signal);
        rounds.add(spent);
        if (!await rounds.isLast(answer)) continue;
        const result = rounds.result(answer);
        teller.answered(result);
        end({ hasFailed: false });
        return result;
      }
    }).catch((error) => {
      end({ hasFailed: true });
      if (request.signal?.aborted) throw request.signal.reason;
      throw toAiAppError(error, circuit);
    });
  }

  async function complete(request: AiRequest, answerSchema?: JsonSchema): Promise<AiResult> {
    if (provider === undefined) return byRules(request, "offline-rules") ?? noModel(request);
    try {
      return await completeBy(request, provider, answerSchema);
    } catch (error) {
      const instead = isOutage(error) ? byRules(request, "fallback") : undefined;
      if (instead === undefined) throw error;
      teller.fellBack(error);
      onError(error);
      return instead;
    }
  }

  async function* streamBy(request: AiRequest, provider: AiProvider): AsyncGenerator<AiStreamEvent, void> {
    const model = modelOf(request, provider);
    const prepared = prepareRequest(request, model);
    const limits = limit(request, clock);
    const { signal, deadline } = limits;
    const rounds = new Rounds({ request, model, prepared, signal, deadline }, onError);
    const { caller, prompt } = request;
    const end = teller.begin(request.model);
    let hasFailed = false;
    try {
      for (;;) {
        const call = { ...prepared.call, messages: rounds.messages };
        const restorer = new StreamedRestorer(prepared.redaction, prepared.restores);
        let answer: ProviderAnswer | undefined;
        for await (const event of guard!.stream({ call, model, caller, prompt, signal, deadline })) {
          const text = event.kind === "text" ? restorer.take(event.text) : restorer.end();
          if (text !== "") yield { kind: "text", text };
          if (event.kind === "text") continue;
          answer = event.answer;
          rounds.add(event);
        }
        if (answer === undefined) throw new AiProviderError("cut", "Provider ended its stream without an answer");
        if (await rounds.isLast(answer)) return yield { kind: "end", result: rounds.result(answer) };
      }
    } catch (error) {
      hasFailed = true;
      if (request.signal?.aborted) throw request.signal.reason;
      throw toAiAppError(error, circuit);
    } finally {
      end({ hasFailed });
      limits.end();
    }
  }

  async function* stream(request: AiRequest): AsyncGenerator<AiStreamEvent, void> {
    let hasBegun = false;
    try {
      if (provider === undefined) yield* tell(byRules(request, "offline-rules") ?? noModel(request));
      else {
        for await (const event of streamBy(request, provider)) {
          hasBegun = true;
          yield event;
        }
      }
    } catch (error) {
      // What has begun is not begun again in other words.
      const instead = !hasBegun && isOutage(error) ? byRules(request, "fallback") : undefined;
      if (instead === undefined) throw error;
      teller.fellBack(error);
      onError(error);
      yield* tell(instead);
    }
  }

  return {
    complete: (request) => complete(request),
    stream,
    extract: <Schema extends z.ZodType>(schema: Schema, request: AiRequest) => extractValue(schema, request, complete),
  };
}

function checkReuse({ reuseMs, tools = [], temperature = 0 }: AiRequest): void {
  if (reuseMs === undefined || (tools.length === 0 && temperature === 0)) return;
  throw new RangeError("Cannot give an answer again as it depends on tools or on chance: leave out 'reuseMs'");
}

function* tell(result: AiResult): Generator<AiStreamEvent, void> {
  if (result.text !== "") yield { kind: "text", text: result.text };
  yield { kind: "end", result };
}

function noModel({ prompt }: AiRequest): never {
  throw new AppError("ai_unavailable", `Cannot answer '${prompt.name}' as no model is set up and no rule knows it`, {
    details: { retryAfterMs: 60_000 },
  });
}
