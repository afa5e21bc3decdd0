/** One event of a stream; `id` is what a client sends back as `Last-Event-ID` when it reconnects. */
export interface ServerEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}

/** An answer of server-sent events. Made by {@link eventStream}. */
export interface EventStream {
  readonly kind: "event-stream";
  readonly events: AsyncIterable<ServerEvent>;
  readonly heartbeatMs: number;
}

/** Answers with server-sent events; `events` is closed when the client leaves. */
export function eventStream(
  events: AsyncIterable<ServerEvent>,
  options: { /** @default 15_000 */ heartbeatMs?: number } = {},
): EventStream {
  const { heartbeatMs = 15_000 } = options;
  return { kind: "event-stream", events, heartbeatMs };
}

/** Is a use case's result an event stream? */
export function isEventStream(result: unknown): result is EventStream {
  return typeof result === "object" && result !== null && (result as { kind?: unknown }).kind === "event-stream" &&
    Symbol.asyncIterator in Object((result as { events?: unknown }).events);
}
