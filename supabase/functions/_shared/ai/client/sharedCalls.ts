/** A call that several wait for. */
interface Shared<Value> {
  readonly promise: Promise<Value>;
  readonly controller: AbortController;
  waiting: number;
}

/** Lets callers of the same thing at the same time share one call of it. It ends when the last one has left. */
export class SharedCalls<Value> {
  readonly #calls = new Map<string, Shared<Value>>();

  /** The value of the call under `key`, and whether this caller began it. Rejects with the signal's reason when it aborts. */
  async join(
    key: string,
    start: (signal: AbortSignal) => Promise<Value>,
    signal: AbortSignal,
  ): Promise<{ readonly value: Value; readonly isFirst: boolean }> {
    signal.throwIfAborted();
    const known = this.#calls.get(key);
    const call = known ?? this.#begin(key, start);
    call.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return { value: await Promise.race([call.promise, left.promise]), isFirst: known === undefined };
    } finally {
      signal.removeEventListener("abort", leave);
      call.waiting -= 1;
      if (call.waiting === 0) {
        if (this.#calls.get(key) === call) this.#calls.delete(key);
        call.controller.abort(signal.aborted ? signal.reason : undefined);
      }
    }
  }

  #begin(key: string, start: (signal: AbortSignal) => Promise<Value>): Shared<Value> {
    const controller = new AbortController();
    const promise = start(controller.signal);
    const call = { promise, controller, waiting: 0 };
    this.#calls.set(key, call);
    const end = () => {
      if (this.#calls.get(key) === call) this.#calls.delete(key);
    };
    promise.then(end, end);
    return call;
  }
}
