import type { Circuit } from "../../breaker/circuit.ts";
import type { CircuitOptions } from "../../breaker/circuitOptions.ts";
import { AiProviderError } from "../provider/aiProviderError.ts";

/** Does a failure tell of the provider's health? Neither do our own mistakes, nor a caller who has left. */
const counts = (error: unknown) => error instanceof AiProviderError && error.countsForCircuit;

/** What the circuit takes for the options of every circuit of a provider: only what counts reaches it as an error. */
export const aiCircuitOptions: CircuitOptions = { timeout: false, isFailure: (outcome) => "error" in outcome };

/** An answer, or a failure that says nothing of the provider's health; but that it asks to be left alone is heeded. */
type Came<Result> =
  | { readonly isDone: true; readonly result: Result }
  | { readonly isDone: false; readonly error: unknown; readonly status?: number; readonly retryAfterMs?: number };

function cameTo(error: unknown): Came<never> {
  const { status, retryAfterMs } = error instanceof AiProviderError ? error : {};
  return {
    isDone: false,
    error,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/**
 * Runs `work` behind a circuit. A caller who has left ends the circuit's call without a word about the provider; that the
 * time is up is the provider's failure, so it comes out of the work.
 */
async function runBehind<Result>(
  circuit: Circuit,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const left = new AbortController();
  const onAbort = () => {
    if (!counts(signal.reason)) left.abort(signal.reason);
  };
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await circuit.execute((call) => work(AbortSignal.any([call.signal, signal])), undefined, {
      signal: left.signal,
    });
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Runs a call behind a circuit that only hears of what tells of the provider's health. */
export async function behindCircuit<Result>(
  circuit: Circuit,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  const came = await runBehind(circuit, async (inner): Promise<Came<Result>> => {
    try {
      return { isDone: true, result: await work(inner) };
    } catch (error) {
      if (counts(error)) throw error;
      return cameTo(error);
    }
  }, signal);
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
  const ended = Promise.withResolvers<Came<undefined>>();
  const running = runBehind(circuit, (inner) => {
    begun.resolve(open(inner));
    return ended.promise;
  }, signal);
  // Where the circuit kept the call away, nothing was begun; after that its rejection only repeats what is thrown here.
  running.catch(begun.reject);
  try {
    for await (const item of await begun.promise) yield item;
  } catch (error) {
    if (counts(error)) ended.reject(error);
    else ended.resolve(cameTo(error));
    throw error;
  } finally {
    ended.resolve({ isDone: true, result: undefined });
    await running.catch(() => undefined);
  }
}
