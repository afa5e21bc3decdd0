/** A message somebody has taken: hidden from others until its visibility runs out. */
export interface QueueMessage {
  readonly id: string;
  readonly payload: unknown;
  /** How often it has been taken, this time included. */
  readonly readCount: number;
  readonly enqueuedAt: Date;
}

/** What a read gives. */
export interface QueueRead {
  readonly messages: readonly QueueMessage[];
  /** Messages this read gave up because they had been read too often. */
  readonly deadLetteredIds: readonly string[];
}

/**
 * One queue. Delivery is at least once: a message whose worker dies comes back when its visibility runs out, so work on it
 * must bear repetition. Order is roughly first in, first out.
 */
export interface MessageQueue {
  readonly name: string;
  /** Sends a batch and gives the ids in order. */
  send(payloads: readonly unknown[], options?: { /** @default 0 */ delayMs?: number }): Promise<string[]>;
  /** Takes up to `limit` messages and hides them for `visibilityMs`. One round trip. */
  read(options: { visibilityMs: number; limit: number }): Promise<QueueRead>;
  /** Removes messages that are done; gives the ids that were still there. */
  delete(messages: readonly Pick<QueueMessage, "id">[]): Promise<string[]>;
  /** Hides messages for `visibilityMs` from now; gives the ids of those that could be. */
  extend(messages: readonly QueueMessage[], visibilityMs: number): Promise<string[]>;
  /** Gives messages back, visible after `delayMs`. `isUntried`: the read does not count, where the queue can take it back. */
  release(
    messages: readonly QueueMessage[],
    options?: { /** @default 0 */ delayMs?: number; error?: string; /** @default false */ isUntried?: boolean },
  ): Promise<string[]>;
  /** Gives messages up, with the reason; gives the ids of those that were moved to the dead letters. */
  deadLetter(messages: readonly QueueMessage[], options: { reason: string; error?: string }): Promise<string[]>;
}
