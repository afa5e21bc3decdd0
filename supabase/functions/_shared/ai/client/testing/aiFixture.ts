import type { Circuit } from "../../../breaker/circuit.ts";
import type { AiBudget, AiReservation, AiSettlement } from "../../budget/aiBudget.ts";
import type { AiProvider, ProviderAnswer, ProviderCall, ProviderEvent } from "../../provider/aiProvider.ts";
import type { AiRequest } from "../aiClient.ts";
import type { AiModels } from "../aiModels.ts";

/** A model whose tokens cost a millionth of a dollar each. */
export const testModels: AiModels = { fake: { fast: { id: "fake-1", input: 1, output: 1 } } };

/** A circuit that lets everything through and keeps what it heard. */
export interface OpenCircuit extends Circuit {
  readonly heard: ("well" | "failed")[];
  /** Keeps everything away. */
  isOpen: boolean;
}

/** Makes a circuit for a test. */
export function openCircuit(): OpenCircuit {
  const circuit: OpenCircuit = {
    name: "test",
    heard: [],
    isOpen: false,
    async execute(work, _fallback, options = {}) {
      if (circuit.isOpen) throw new Error("the circuit is open");
      try {
        const result = await work({ signal: options.signal ?? new AbortController().signal });
        circuit.heard.push("well");
        return result;
      } catch (error) {
        circuit.heard.push("failed");
        throw error;
      }
    },
    state: () => ({ name: "open", share: 0, decidedBy: "fleet", retryAfterMs: 5_000 }),
  };
  return circuit;
}

/** A budget in memory that keeps what it was told. */
export interface FakeBudget extends AiBudget {
  readonly reserved: AiReservation[];
  readonly settled: (AiSettlement & { readonly id: string })[];
  refuses: "caller" | "project" | undefined;
}

/** Makes a budget for a test. */
export function fakeBudget(): FakeBudget {
  const budget: FakeBudget = {
    reserved: [],
    settled: [],
    refuses: undefined,
    reserve(reservation) {
      budget.reserved.push(reservation);
      const { refuses: refusedBy } = budget;
      return Promise.resolve(
        refusedBy === undefined ? { isGranted: true } : { isGranted: false, refusedBy, retryAfterMs: 60_000 },
      );
    },
    settle(id, settlement) {
      budget.settled.push({ id, ...settlement });
      return Promise.resolve();
    },
  };
  return budget;
}

/** What a fake model does with a call: answers, fails, or takes its time. */
export type FakeTurn = (
  call: ProviderCall,
  signal: AbortSignal,
) => Partial<ProviderAnswer> | Promise<Partial<ProviderAnswer>>;

/** A provider that takes turns, and keeps what it was sent. */
export interface FakeProvider extends AiProvider {
  readonly calls: ProviderCall[];
}

/** Makes a provider of turns; the last one is repeated. */
export function fakeProvider(...turns: FakeTurn[]): FakeProvider {
  const calls: ProviderCall[] = [];
  async function answer(call: ProviderCall, signal: AbortSignal): Promise<ProviderAnswer> {
    const turn = turns[Math.min(calls.length, turns.length - 1)] ?? (() => ({}));
    calls.push(call);
    const usage = { inputTokens: 10, outputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0 };
    return { text: "Hello", toolCalls: [], stop: "end", usage, ...await turn(call, signal) };
  }
  return {
    name: "fake",
    calls,
    complete: (call, { signal }) => answer(call, signal),
    async *stream(call, { signal }): AsyncGenerator<ProviderEvent, void> {
      const whole = await answer(call, signal);
      yield { kind: "usage", usage: { ...whole.usage!, outputTokens: 0 } };
      for (const text of whole.text.match(/[^]{1,3}/g) ?? []) yield { kind: "text", text };
      yield { kind: "end", answer: whole };
    },
  };
}

/** A request as most tests make it. */
export const plainRequest: AiRequest = {
  prompt: { name: "greet", version: 1 },
  caller: "user:1",
  model: "fast",
  system: "Be brief.",
  messages: [{ role: "user", parts: [{ kind: "text", text: "Say hello" }] }],
  maxTokens: 100,
};
