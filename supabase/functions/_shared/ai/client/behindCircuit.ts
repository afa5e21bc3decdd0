import type { Circuit } from "../../breaker/circuit.ts";
import { AiProviderError } from "../provider/aiProviderError.ts";

/** Does a failure tell of the provider's health? Neither do our own mistakes, nor a caller who has left. */
const counts = (error: unknown) => error instanceof AiProviderError && error.countsForCircuit;

/** Runs a call behind a circuit that only hears of what tells of the provider's health. */
export async function behindCircuit<Result>(
  circuit: Circuit,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const came = await circuit.execute(
    async (call) => {
      try {
        return { isDone: true as const, result: await work(call.signal) };
      } catch (error) {
        if (counts(error)) throw error;
        return { isDone: false as const, error };
      }
    },
    undefined,
    { signal },
  );
  if (came.isDone) return came.result;
  throw came.error;
}

/** The same for a stream: the circuit holds the call open until the stream has ended, and hears how. */
export async function* streamBehindCircuit<Item>(
  circuit: Circuit,
  open: (signal: AbortSignal) => AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void> {
  const begun = Promise.withResolvers<AsyncIterable<Item>>();
  const ended = Promise.withResolvers<void>();
  const running = circuit.execute(
    async (call) => {
      begun.resolve(open(call.signal));
      await ended.promise;
    },
    undefined,
    { signal },
  );
  // Where the circuit kept the call away, nothing was begun; after that its rejection only repeats what is thrown here.
  running.catch(begun.reject);
  try {
    for await (const item of await begun.promise) yield item;
  } catch (error) {
    if (counts(error)) ended.reject(error);
    throw error;
  } finally {
    ended.resolve();
    await running.catch(() => undefined);
  }
}
