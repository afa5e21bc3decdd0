import { onFreePort } from "./onFreePort.ts";

/** A request as the receiver saw it. */
export interface ReceivedAlert {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A real server that alerts are told to. */
export interface AlertReceiver extends AsyncDisposable {
  readonly url: string;
  readonly received: ReceivedAlert[];
  /** What it answers with; it may be slow, or never answer: the signal ends with the receiver. @default 204 */
  answer: (request: ReceivedAlert, signal: AbortSignal) => Response | Promise<Response>;
}

/** Starts one. */
export async function alertReceiver(): Promise<AlertReceiver> {
  const received: ReceivedAlert[] = [];
  const closing = new AbortController();
  const receiver = {
    received,
    answer: (_request: ReceivedAlert, _signal: AbortSignal): Response | Promise<Response> =>
      new Response(null, { status: 204 }),
  };
  const server = await onFreePort((port) =>
    Promise.resolve(Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
      const { pathname } = new URL(request.url);
      const seen = { path: pathname, headers: Object.fromEntries(request.headers), body: await request.text() };
      received.push(seen);
      return await receiver.answer(seen, closing.signal);
    }))
  );
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${server.addr.port}`,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await server.shutdown();
    },
  });
}

/** Never answers while the receiver is there. */
export function hang(signal: AbortSignal): Promise<Response> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(new Response()), { once: true }));
}
