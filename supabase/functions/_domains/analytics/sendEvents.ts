import { type EventSink, type RefusedEvent, SinkError, type SinkEvent } from "./eventSink.ts";

/** The code of an error that says that a table takes nothing at all. */
export const refusesEverything = "refuses_everything";

/** What BigQuery advises for a request, and half of what it takes. */
export const mostEvents = 500;
const mostBytes = 5_000_000;

/** So many events and none taken: it is the table that is wrong, not the events. */
const enoughToBlameTheTable = 10;
/** Twice what it takes to find the one at fault among 500: a table that refuses everything is not asked a thousand times. */
const mostRefusals = 20;

/** Sends events in requests of a bearable size. A request that is refused as a whole is halved until those at fault are found. */
export async function sendEvents(
  send: EventSink["send"],
  events: readonly SinkEvent[],
  signal: AbortSignal,
): Promise<readonly RefusedEvent[]> {
  let isAnyTaken = false;
  let refusals = 0;
  const sendHalving = async (some: readonly SinkEvent[]): Promise<readonly RefusedEvent[]> => {
    try {
      const refused = await send(some, { signal });
      isAnyTaken ||= refused.length < some.length;
      return refused;
    } catch (error) {
      if (!(error instanceof SinkError && error.isAboutEvents)) throw error;
      if (!isAnyTaken && ++refusals > mostRefusals) throw new SinkError(refusesEverything, { status: 422 });
      if (some.length === 1) return [{ event: some[0]!, reason: error.code }];
      const half = Math.ceil(some.length / 2);
      return [...await sendHalving(some.slice(0, half)), ...await sendHalving(some.slice(half))];
    }
  };
  const refused: RefusedEvent[] = [];
  for (const batch of batchesOf(events)) refused.push(...await sendHalving(batch));
  if (events.length >= enoughToBlameTheTable && !isAnyTaken) throw new SinkError(refusesEverything, { status: 422 });
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
