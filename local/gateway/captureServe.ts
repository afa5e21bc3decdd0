/** A handler as `Deno.serve` takes it. */
export type ServeHandler = (request: Request, info: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/**
 * Lets functions that call `Deno.serve(handler)` themselves run under the gateway, as the hosted runtime does: the call
 * opens no port, its handler is handed to `onServe` with the caller's stack, which tells which function it was.
 */
export function captureServe(onServe: (handler: ServeHandler, stack: string) => void): typeof Deno.serve {
  const original = Deno.serve;
  const serve = (...args: unknown[]) => {
    const options = args.find((arg) => typeof arg === "object" && arg !== null) as
      | { handler?: ServeHandler; onListen?: (address: Deno.NetAddr) => void }
      | undefined;
    const handler = (args.find((arg) => typeof arg === "function") ?? options?.handler) as ServeHandler | undefined;
    if (handler === undefined) throw new TypeError("Cannot serve as no handler was given");
    onServe(handler, new Error().stack ?? "");
    const addr: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 0 };
    options?.onListen?.(addr);
    const finished = Promise.withResolvers<void>();
    const shutdown = () => Promise.resolve(finished.resolve());
    return { addr, finished: finished.promise, shutdown, ref() {}, unref() {}, [Symbol.asyncDispose]: shutdown };
  };
  Object.defineProperty(Deno, "serve", { value: serve, configurable: true, writable: true });
  return original;
}
