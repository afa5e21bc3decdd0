import type { Deadline } from "../http/deadline.ts";
import type { Logger } from "../telemetry/logger.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { errorCodeOf } from "./errorCodeOf.ts";
import type { MessageQueue, QueueMessage } from "./messageQueue.ts";
import { PoisonMessageError } from "./poisonMessageError.ts";
import { startVisibilityExtension } from "./visibilityExtension.ts";

/** Options of {@link drainQueue}. */
export interface DrainQueueOptions {
  readonly queue: MessageQueue;
  /** Works on one message; must bear repetition. A throw gives the message back, a {@link PoisonMessageError} buries it. */
  readonly handle: (message: QueueMessage, context: { readonly signal: AbortSignal }) => Promise<void>;
  readonly deadline: Deadline;
  /** Messages a read takes; a worker that dies repeats at most this many. @default 10 */
  readonly batchSize?: number;
  /** How long a message stays hidden without a sign of life; extended while its batch is in work. @default 30_000 */
  readonly visibilityMs?: number;
  /** Batches in work at once; a further worker starts whenever a read comes back full. @default 4 */
  readonly maxWorkers?: number;
  /** A message that fails on its n-th read is buried at once. @default 5 */
  readonly maxReads?: number;
  /** The wait before the next try. @default 1 s doubled with each read, up to 5 minutes */
  readonly retryDelayMs?: (readCount: number) => number;
  /** @default systemClock */
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** What a drain did. */
export interface DrainResult {
  readonly handled: number;
  /** Tries that failed and will be repeated. */
  readonly failed: number;
  readonly deadLettered: number;
  /** Taken and given back untried, because the time was up. */
  readonly released: number;
  /** True when the queue had nothing more to give; false when the time was up first. */
  readonly isEmpty: boolean;
}

const doubling = (readCount: number) => Math.min(1000 * 2 ** (readCount - 1), 300_000);

/**
 * Works a queue off until it is empty or the deadline says to yield, with as many workers as there is work: one to begin
 * with, one more for every read that comes back full.
 *
 * @example
 * ```ts
 * const result = await drainQueue({ queue, deadline, handle: async ({ payload }) => await sendMail(payload) });
 * ```
 */
export async function drainQueue(options: DrainQueueOptions): Promise<DrainResult> {
  const { queue, handle, deadline, batchSize = 10, visibilityMs = 30_000, maxWorkers = 4, maxReads = 5 } = options;
  const { retryDelayMs = doubling, clock = systemClock, log } = options;
  for (const [name, value] of Object.entries({ batchSize, visibilityMs, maxWorkers, maxReads })) {
    if (!(value >= 1)) throw new RangeError(`Cannot drain the queue as '${name}' must be at least 1: got ${value}`);
  }
  const total = { handled: 0, failed: 0, deadLettered: 0, released: 0 };
  const workers: Promise<void>[] = [];
  let running = 0;
  let isEmpty = false;

  const workOff = async (messages: readonly QueueMessage[]) => {
    const extension = startVisibilityExtension({ queue, messages, visibilityMs, clock });
    const signal = AbortSignal.any([deadline.signal, extension.signal]);
    const done: QueueMessage[] = [];
    try {
      for (const [place, message] of messages.entries()) {
        if (place > 0 && deadline.shouldYield()) {
          const untried = messages.slice(place);
          untried.forEach(extension.drop);
          const released = await queue.release(untried, { isUntried: true });
          total.released += released.length;
          break;
        }
        if (!extension.holds(message)) continue; // Somebody else has it by now.
        try {
          await handle(message, { signal });
          done.push(message);
        } catch (error) {
          extension.drop(message);
          await giveUp(message, error);
        }
      }
    } finally {
      // Messages that are done stay hidden up to here, or a slow batch would be read again from its front.
      // Once a batch, not once a message: a worker that dies here repeats its batch, which at-least-once allows.
      await queue.delete(done).finally(() => extension.stop());
      total.handled += done.length;
    }
  };

  const giveUp = async (message: QueueMessage, error: unknown) => {
    const code = errorCodeOf(error);
    const isPoison = error instanceof PoisonMessageError;
    log?.warn("Message failed", { queue: queue.name, messageId: message.id, readCount: message.readCount, code });
    if (isPoison || message.readCount >= maxReads) {
      const reason = isPoison ? "poison" : "failed_too_often";
      // Awaited first: `+=` with an await in it would read the total before, and lose what other workers add meanwhile.
      const buried = await queue.deadLetter([message], { reason, error: code });
      total.deadLettered += buried.length;
    } else {
      total.failed += 1;
      await queue.release([message], { delayMs: retryDelayMs(message.readCount), error: code });
    }
  };

  const startWorker = () => {
    running += 1;
    workers.push(runWorker().finally(() => running -= 1));
  };
  const runWorker = async () => {
    while (!isEmpty && !deadline.shouldYield()) {
      const { messages, deadLetteredIds } = await queue.read({ visibilityMs, limit: batchSize });
      total.deadLettered += deadLetteredIds.length;
      const taken = messages.length + deadLetteredIds.length;
      if (taken === 0) {
        isEmpty = true;
        return;
      }
      if (taken === batchSize && running < maxWorkers && !deadline.shouldYield()) startWorker();
      await workOff(messages);
    }
  };

  startWorker();
  // Workers start workers: wait until none is left, and only then let the first failure out.
  const failures: unknown[] = [];
  for (let index = 0; index < workers.length; index++) {
    await workers[index]!.catch((error) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return { ...total, isEmpty };
}
