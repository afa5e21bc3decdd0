import type { Clock } from "../time/clock.ts";
import type { Bytes } from "./bytes.ts";
import type { EventStream, ServerEvent } from "./eventStream.ts";
import { longestDeadlineMs, type RequestDeadline } from "./requestDeadline.ts";

/** How long a client waits before it reconnects. */
const retryMs = 2_000;

/**
 * Streams events to a client. Events are pulled one by one as the client takes them. The stream ends by itself at the
 * longest deadline, before the runtime would cut it, and a client then reconnects with `Last-Event-ID`. When the client
 * leaves, the request's signal aborts and the source is closed.
 */
export function eventStreamResponse(stream: EventStream, deadline: RequestDeadline, clock: Clock): Response {
  const source = stream.events[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let cancelHeartbeat = () => {};
  let isOver = false;

  const close = (reason?: DOMException) => {
    if (isOver) return;
    isOver = true;
    cancelHeartbeat();
    if (reason === undefined) deadline.end();
    else deadline.abort(reason);
    // A source in the middle of a wait ends when the signal ends that wait; nobody is left to hear of its errors.
    source.return?.()?.catch(() => undefined);
  };

  const body = new ReadableStream<Bytes>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const beat = () => {
        cancelHeartbeat = clock.setTimer(beat, stream.heartbeatMs);
        // A client that does not even take what is there needs no sign of life.
        if ((controller.desiredSize ?? 0) > 0) send(": still here\n\n");
      };
      deadline.extend(longestDeadlineMs, () => {
        if (isOver) return;
        close();
        controller.close();
      });
      send(`retry: ${retryMs}\n\n`);
      cancelHeartbeat = clock.setTimer(beat, stream.heartbeatMs);
    },
    async pull(controller) {
      try {
        const { done, value } = await source.next();
        if (isOver) return;
        if (done) {
          close();
          controller.close();
        } else {
          controller.enqueue(encoder.encode(eventText(value)));
        }
      } catch (error) {
        if (isOver) return;
        close();
        controller.error(error);
      }
    },
    cancel() {
      close(new DOMException("The client has left", "AbortError"));
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      // nginx and its kin buffer otherwise.
      "x-accel-buffering": "no",
    },
  });
}

/** One event in the format of `text/event-stream`. Text is sent as it is, everything else as JSON. */
export function eventText({ id, event, data }: ServerEvent): string {
  const text = typeof data === "string" ? data : JSON.stringify(data ?? null);
  const lines = text.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`).join("");
  return `${field("event", event)}${field("id", id)}${lines}\n`;
}

function field(name: string, value: string | undefined): string {
  if (value === undefined) return "";
  if (/[\r\n\0]/.test(value)) throw new Error(`Cannot send an event as its '${name}' has a line break in it`);
  return `${name}: ${value}\n`;
}
