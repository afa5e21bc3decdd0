import type { Clock } from "../time/clock.ts";
import type { MessageQueue, QueueMessage } from "./messageQueue.ts";

/** Keeps the messages of a batch hidden while they are in work. */
export interface VisibilityExtension {
  /** Aborts when every message that was still in work has gone to somebody else. */
  readonly signal: AbortSignal;
  /** Is the message still this worker's, as far as it knows? */
  holds(message: QueueMessage): boolean;
  /** The message needs no more extending. */
  drop(message: QueueMessage): void;
  stop(): Promise<void>;
}

/** Extends what is left of a batch each half of its visibility. A beat that fails is made up for by the next. */
export function startVisibilityExtension(
  { queue, messages, visibilityMs, clock }: {
    queue: MessageQueue;
    messages: readonly QueueMessage[];
    visibilityMs: number;
    clock: Clock;
  },
): VisibilityExtension {
  const controller = new AbortController();
  const held = new Map(messages.map((message) => [message.id, message]));
  let isStopped = false;
  let inFlight: Promise<void> = Promise.resolve();
  let cancel = () => {};

  const beat = async () => {
    const asked = [...held.values()];
    try {
      const extended = new Set(await queue.extend(asked, visibilityMs));
      for (const { id } of asked) if (!extended.has(id)) held.delete(id);
      if (held.size === 0 && asked.length > 0 && !isStopped) {
        controller.abort(
          new Error(`Cannot go on with the batch as its messages in '${queue.name}' have gone to others`),
        );
      }
    } catch {
      // The visibility may run out now and a message be handled twice: what at-least-once means.
    }
    schedule();
  };
  const schedule = () => {
    if (isStopped || held.size === 0) return;
    cancel = clock.setTimer(() => {
      inFlight = beat();
    }, visibilityMs / 2);
  };
  schedule();
  return {
    signal: controller.signal,
    holds: ({ id }) => held.has(id),
    drop: ({ id }) => void held.delete(id),
    stop() {
      isStopped = true;
      cancel();
      return inFlight;
    },
  };
}
