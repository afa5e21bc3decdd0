import { type CallOptions, CallScope } from "../callScope.ts";
import type { Policy, Work } from "../policy.ts";

/** What came of a call that was aborted while its work ran on. */
export interface Cancelled {
  readonly outcome: unknown;
  /** Listeners left on the caller's signal. */
  readonly listenersOnSignal: number;
  /** Listeners left on a scope further out. */
  readonly listenersOnScope: number;
}

const never: Work<string> = () => new Promise(() => {});

/** Aborts a call of work that heeds nothing: once from outside, once from a policy further out, once before it began. */
export async function cancelCall(policy: Policy, options: CallOptions = {}, work = never): Promise<Cancelled[]> {
  const reason = new Error("enough");
  const results: Cancelled[] = [];

  const stop = new AbortController();
  const counted = countListeners(stop.signal);
  const fromOutside = outcomeOf(policy.execute(work, { ...options, signal: stop.signal }));
  await Promise.resolve();
  stop.abort(reason);
  results.push({ outcome: await fromOutside, listenersOnSignal: counted(), listenersOnScope: 0 });

  const scope = new CallScope(undefined, options, true);
  const fromFurtherOut = Promise.race([outcomeOf(policy.execute(work, scope)), nextTurns()]);
  await Promise.resolve();
  scope.abort(reason);
  results.push({ outcome: await fromFurtherOut, listenersOnSignal: 0, listenersOnScope: scope.listeners });

  const before = outcomeOf(policy.execute(() => Promise.resolve("called"), { ...options, signal: stop.signal }));
  results.push({ outcome: await before, listenersOnSignal: counted(), listenersOnScope: 0 });
  return results;
}

function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return call.then((value) => `answered: ${String(value)}`, (error: Error) => error.message);
}

/** Gives up waiting after some turns of the queue of promises: an abort is to reject at once. */
async function nextTurns(): Promise<string> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  return "still waiting";
}

function countListeners(signal: AbortSignal): () => number {
  const listeners = new Set<unknown>();
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (type: string, listener: unknown, options?: unknown) => {
    listeners.add(listener);
    add(type, listener as EventListener, options as AddEventListenerOptions);
    // One that was to be called once goes when it is called.
    if ((options as AddEventListenerOptions)?.once) add(type, () => listeners.delete(listener), { once: true });
  };
  signal.removeEventListener = (type: string, listener: unknown) => {
    listeners.delete(listener);
    remove(type, listener as EventListener);
  };
  return () => listeners.size;
}
