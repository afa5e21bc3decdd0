import type { SqlTag } from "../db/database.ts";
import { toJsonText } from "./jsonText.ts";
import type { MessageQueue, QueueMessage } from "./messageQueue.ts";

interface MessageRow {
  id: string;
  payload: unknown;
  read_ct: number;
  enqueued_at: Date;
  is_dead: boolean;
}

interface IdRow {
  id: string;
}

/** Options of {@link postgresQueue}. */
export interface PostgresQueueOptions {
  /** Where to run: pass a transaction's to send, or to delete, together with other changes. */
  readonly sql: SqlTag;
  readonly name: string;
  /** A message read this often is given up at the next read. @default 5 */
  readonly maxReads?: number;
}

/**
 * A queue in `resilience.queue_messages`. A handle that is out of date, because the message's visibility ran out and
 * somebody else has read it since, can delete the message (done is done) but no longer extend, release or bury it.
 */
export function postgresQueue({ sql, name, maxReads = 5 }: PostgresQueueOptions): MessageQueue {
  return {
    name,
    async send(payloads, { delayMs = 0 } = {}) {
      if (payloads.length === 0) return [];
      return ids(
        await sql<IdRow>`
          select id from resilience.send_messages(${name}, ${toJsonText(payloads)}::text::jsonb,
            ${Math.ceil(delayMs)}::integer) as id`,
      );
    },
    async read({ visibilityMs, limit }) {
      const rows = await sql<MessageRow>`
        select * from resilience.read_messages(${name}, ${Math.ceil(visibilityMs)}::integer, ${limit}::integer,
          ${maxReads}::integer)`;
      return {
        messages: rows.filter((row) => !row.is_dead).map(toMessage),
        deadLetteredIds: ids(rows.filter((row) => row.is_dead)),
      };
    },
    async delete(messages) {
      if (messages.length === 0) return [];
      const wanted = toJsonText(messages.map(({ id }) => id));
      return ids(await sql<IdRow>`select id from resilience.delete_messages(${name}, ${wanted}::text::jsonb) as id`);
    },
    extend: (messages, visibilityMs) => setVisibility(messages, visibilityMs),
    release: (messages, { delayMs = 0, error, isUntried = false } = {}) =>
      setVisibility(messages, delayMs, error, isUntried),
    async deadLetter(messages, { reason, error }) {
      if (messages.length === 0) return [];
      return ids(
        await sql<IdRow>`
          select id from resilience.bury_messages(${name}, ${handles(messages)}::text::jsonb, ${reason},
            ${error ?? null}) as id`,
      );
    },
  };

  async function setVisibility(messages: readonly QueueMessage[], delayMs: number, error?: string, isUntried = false) {
    if (messages.length === 0) return [];
    return ids(
      await sql<IdRow>`
        select id from resilience.set_message_visibility(${name}, ${handles(messages)}::text::jsonb,
          ${Math.ceil(delayMs)}::integer, ${error ?? null}, ${isUntried}::boolean) as id`,
    );
  }
}

function ids(rows: readonly IdRow[]): string[] {
  return rows.map(({ id }) => String(id));
}

function handles(messages: readonly QueueMessage[]): string | null {
  return toJsonText(messages.map(({ id, readCount }) => [id, readCount]));
}

function toMessage(row: MessageRow): QueueMessage {
  return {
    id: String(row.id),
    payload: row.payload,
    readCount: row.read_ct,
    enqueuedAt: new Date(row.enqueued_at),
  };
}
