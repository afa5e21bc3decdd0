import type { Circuit } from "../../breaker/circuit.ts";
import { AppError } from "../../errors/appError.ts";
import { retry } from "../../policies/retry.ts";
import type { RetryBudget } from "../../policies/retryBudget.ts";
import type { Random } from "../../random/random.ts";
import type { Clock } from "../../time/clock.ts";
import type { AiBudget, AiSettlement } from "../budget/aiBudget.ts";
import type { AiProvider, ProviderAnswer, ProviderCall, ProviderEvent } from "../provider/aiProvider.ts";
import { noTokens, tokensOf, type TokenUsage } from "../provider/tokenUsage.ts";
import { AiProviderError } from "../provider/aiProviderError.ts";
import type { AiModel } from "./aiModels.ts";
import type { AiTeller } from "./aiTeller.ts";
import { behindCircuit, streamBehindCircuit } from "./behindCircuit.ts";
import { costOf, mostTokens } from "./costOf.ts";

/** What stands around a provider. */
export interface GuardParts {
  readonly provider: AiProvider;
  readonly circuit: Circuit;
  readonly budget: AiBudget;
  /** What pays for trying again. @default nothing: every retry is made */
  readonly retryBudget?: RetryBudget | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly onError: (error: unknown) => void;
  readonly teller: AiTeller;
}

/** On whose account a call is made, and until when. */
export interface GuardedCall {
  readonly call: ProviderCall;
  readonly model: AiModel;
  readonly caller: string;
  readonly prompt: { readonly name: string; readonly version: number };
  readonly signal: AbortSignal;
  readonly deadline: { remainingMs(): number };
}

/** What a call came to. */
export interface Spent {
  readonly usage: TokenUsage;
  readonly costMicroUsd: number;
  readonly isEstimated: boolean;
}

/** An answer, and what it came to. */
export interface GuardedAnswer extends Spent {
  readonly answer: ProviderAnswer;
}

/** A part of a guarded stream. */
export type GuardedEvent =
  | { readonly kind: "text"; readonly text: string }
  | ({ readonly kind: "end" } & GuardedAnswer);

const mostAttempts = 3;

/** One call of a model: reserved before, booked after, behind the circuit, and tried again where that costs nothing. */
export function guardProvider(parts: GuardParts) {
  const { provider, circuit, retryBudget, clock, random, teller } = parts;

  const again = retry({
    name: "ai",
    observer: teller.hub,
    maxAttempts: mostAttempts,
    baseMs: 250,
    isRetryable: (error) => error instanceof AiProviderError && error.isRetryable,
    ...retryBudget && { budget: retryBudget },
    clock,
    random,
  });

  function retrying<Result>({ signal, deadline }: GuardedCall, work: () => Promise<Result>): Promise<Result> {
    return again.execute(work, { signal, endsAt: clock.monotonic() + deadline.remainingMs() });
  }

  return {
    async complete(guarded: GuardedCall): Promise<GuardedAnswer> {
      const account = await openAccount(parts, guarded);
      try {
        const answer = await retrying(
          guarded,
          () => behindCircuit(circuit, (signal) => provider.complete(guarded.call, { signal }), guarded.signal),
        );
        return { answer, ...await account.settle("answered", answer.usage) };
      } catch (error) {
        await account.settle("failed", isFree(error, guarded.signal) ? noTokens : undefined);
        throw error;
      }
    },

    async *stream(guarded: GuardedCall): AsyncGenerator<GuardedEvent, void> {
      const account = await openAccount(parts, guarded);
      let known: TokenUsage | undefined;
      let bytes = 0;
      let events: AsyncGenerator<ProviderEvent, void> | undefined;
      try {
        // Only what has not begun to answer is tried again: what was read cannot be taken back.
        let next = await retrying(guarded, () => {
          events = streamBehindCircuit(circuit, (signal) => provider.stream(guarded.call, { signal }), guarded.signal);
          return events.next();
        });
        for (; !next.done; next = await events!.next()) {
          const event = next.value;
          if (event.kind === "usage") known = event.usage;
          if (event.kind === "text") {
            bytes += new TextEncoder().encode(event.text).length;
            yield event;
          }
          if (event.kind !== "end") continue;
          const spent = await account.settle("answered", event.answer.usage);
          yield { kind: "end", answer: event.answer, ...spent };
        }
      } catch (error) {
        if (isFree(error, guarded.signal) && bytes === 0) await account.settle("failed", noTokens);
        throw error;
      } finally {
        await events?.return().catch(() => undefined);
        // The model stops when its client leaves, and no token is less than a byte.
        const used = known && { ...known, outputTokens: Math.min(bytes, guarded.call.maxTokens) };
        await account.settle("cut", used, true);
      }
    },
  };
}

/** What is no failure of the provider is a circuit that kept the call away, unless the caller has left while it ran. */
function isFree(error: unknown, signal: AbortSignal): boolean {
  return error instanceof AiProviderError ? error.isFree : !signal.aborted;
}

/** Reserves for a call. Settling twice books once. */
async function openAccount({ provider, budget, random, onError, teller }: GuardParts, guarded: GuardedCall) {
  const { call, model, caller, prompt } = guarded;
  const most = mostTokens(call, model);
  const id = random.uuid();
  const grant = await budget.reserve({
    id,
    caller,
    promptName: prompt.name,
    promptVersion: prompt.version,
    provider: provider.name,
    model: model.id,
    tokens: tokensOf(most),
    microUsd: costOf(model, most),
  });
  if (!grant.isGranted) {
    const { refusedBy: scope, retryAfterMs } = grant;
    teller.shed(scope);
    const whose = scope === "caller" ? "the caller's" : "the project's";
    throw new AppError("ai_budget_exceeded", `Cannot ask a model as ${whose} budget of the day does not reach for it`, {
      details: { scope, retryAfterMs },
    });
  }
  let isSettled = false;
  return {
    /** Books what was used; where nobody knows, the most that it can have been. */
    async settle(outcome: AiSettlement["outcome"], told: TokenUsage | undefined, isGuess = false): Promise<Spent> {
      const usage = told ?? most;
      const isEstimated = told === undefined || isGuess;
      const costMicroUsd = costOf(model, usage);
      if (!isSettled) {
        isSettled = true;
        // An answer is not lost because it cannot be booked: what was reserved for it counts until it expires.
        await budget.settle(id, { outcome, usage, microUsd: costMicroUsd, isEstimated }).catch(onError);
      }
      return { usage, costMicroUsd, isEstimated };
    },
  };
}
