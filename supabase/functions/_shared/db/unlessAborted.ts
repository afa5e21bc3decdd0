/**
 * Settles as `work` does; when the signal aborts first, calls `cancel` and rejects with the signal's reason at once, while
 * `work` cleans up behind the scenes.
 */
export function unlessAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
  cancel: () => void = () => {},
): Promise<Value> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    const done = () => signal.removeEventListener("abort", onAbort);
    work.then((value) => (done(), resolve(value)), (error) => (done(), reject(error)));
  });
}
