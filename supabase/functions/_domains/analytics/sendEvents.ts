import { type EventSink, type RefusedEvent, SinkError, type SinkEvent } from "./eventSink.ts";

/** What BigQuery advises for a request, and half of what it takes. */
export const mostEvents = 500;
const mostBytes = 5_000_000;

/** So many events and none taken: it is the table that is wrong, not the events. */
const enoughToBlameTheTable = 10;

/** Sends events in requests of a bearable size. A request that is refused as a whole is halved until those at fault are found. */
export async function sendEvents(
  send: EventSink["send"],
  events: readonly SinkEvent[],
  signal: AbortSignal,
): Promise<readonly RefusedEvent[]> {
  const refused: RefusedEvent[] = [];
  for (const batch of batchesOf(events)) refused.push(...await sendHalving(send, batch, signal));
  if (events.length >= enoughToBlameTheTable && refused.length === events.length) {
    throw new SinkError("refuses_everything", { status: 422 });
  }
  return refused;
}

/** Events in runs of at most 500 and 5 MB; one that is larger is alone. */
export function batchesOf(events: readonly SinkEvent[]): SinkEvent[][] {
  const batches: SinkEvent[][] = [];
  let bytes = Infinity;
  for (const event of events) {
    const size = new TextEncoder().encode(JSON.stringify(event)).length + 60; // What stands around it.
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === mostEvents || bytes + size > mostBytes) {
      batches.push([event]);
      bytes = size;
    } else {
      batch.push(event);
      bytes += size;
    }
  }
  return batches;
}

async function sendHalving(
  send: EventSink["send"],
  events: readonly SinkEvent[],
  signal: AbortSignal,
): Promise<readonly RefusedEvent[]> {
  try {
    return await send(events, { signal });
  } catch (error) {
    if (!(error instanceof SinkError && error.isAboutEvents)) throw error;
    if (events.length === 1) return [{ event: events[0]!, reason: error.code }];
    const half = Math.ceil(events.length / 2);
    return [
      ...await sendHalving(send, events.slice(0, half), signal),
      ...await sendHalving(send, events.slice(half), signal),
    ];
  }
}
