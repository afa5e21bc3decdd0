import type { SqlTag } from "../db/database.ts";
import { toJsonText } from "./jsonText.ts";
import type { MessageQueue, QueueMessage } from "./messageQueue.ts";

interface MessageRow {
  msg_id: string;
  read_ct: number;
  enqueued_at: Date;
  message: unknown;
}

interface IdRow {
  id: string;
}

/** Options of {@link pgmqQueue}. */
export interface PgmqQueueOptions {
  readonly sql: SqlTag;
  /** A queue that `pgmq.create` has made. */
  readonly name: string;
  /** A message read more often than this is given up. @default 5 */
  readonly maxReads?: number;
}

/**
 * The same port over the pgmq extension. What pgmq has not, this cannot give: visibility counts in whole seconds (rounded
 * up), a handle never goes out of date, a read is not taken back for an untried message, and a released message keeps no
 * error. Dead letters go to `resilience.queue_dead_letters`, beside everybody else's.
 */
export function pgmqQueue({ sql, name, maxReads = 5 }: PgmqQueueOptions): MessageQueue {
  const queue: MessageQueue = {
    name,
    async send(payloads, { delayMs = 0 } = {}) {
      if (payloads.length === 0) return [];
      return ids(
        await sql<IdRow>`
          select id from pgmq.send_batch(${name}, array(
            select value from jsonb_array_elements(${
          toJsonText(payloads)
        }::text::jsonb) with ordinality as item (value, place)
            order by place
          ), ${seconds(delayMs)}::integer) as id`,
      );
    },
    async read({ visibilityMs, limit }) {
      const rows = await sql<MessageRow>`
        select msg_id, read_ct, enqueued_at, message
        from pgmq.read(${name}, ${seconds(visibilityMs)}::integer, ${limit}::integer) order by msg_id`;
      const dead = rows.filter((row) => row.read_ct > maxReads).map(toMessage);
      return {
        messages: rows.filter((row) => row.read_ct <= maxReads).map(toMessage),
        // A second round trip, and only when something has to be buried.
        deadLetteredIds: await queue.deadLetter(dead, { reason: "read_too_often" }),
      };
    },
    async delete(messages) {
      if (messages.length === 0) return [];
      return ids(await sql<IdRow>`select id from pgmq.delete(${name}, ${idArray(messages)}::text::bigint[]) as id`);
    },
    extend: (messages, visibilityMs) => setVisibility(messages, visibilityMs),
    release: (messages, { delayMs = 0 } = {}) => setVisibility(messages, delayMs),
    async deadLetter(messages, { reason, error }) {
      if (messages.length === 0) return [];
      // The letter is written only for what this statement removed: two workers that give up cannot bury it twice.
      const letters = toJsonText(messages.map(({ id, payload, readCount, enqueuedAt }) => ({
        message_id: id,
        payload,
        read_ct: readCount,
        enqueued_at: enqueuedAt,
      })));
      return ids(
        await sql<IdRow>`
          with gone as materialized (
            select id from pgmq.delete(${name}, ${idArray(messages)}::text::bigint[]) as id
          )
          insert into resilience.queue_dead_letters
            (queue, message_id, payload, enqueued_at, read_ct, reason, last_error)
          select ${name}::text, letter.message_id, letter.payload, letter.enqueued_at, letter.read_ct, ${reason}::text,
            ${error ?? null}::text
          from jsonb_to_recordset(${letters}::text::jsonb)
            as letter (message_id bigint, payload jsonb, enqueued_at timestamptz, read_ct integer)
          join gone on gone.id = letter.message_id
          returning message_id as id`,
      );
    },
  };
  return queue;

  async function setVisibility(messages: readonly QueueMessage[], delayMs: number): Promise<string[]> {
    if (messages.length === 0) return [];
    // Message by message within one statement: the batch form of set_vt is younger than what projects run.
    return ids(
      await sql<IdRow>`
        select moved.msg_id as id from unnest(${idArray(messages)}::text::bigint[]) as wanted (id)
        cross join lateral pgmq.set_vt(${name}, wanted.id, ${seconds(delayMs)}::integer) as moved`,
    );
  }
}

const seconds = (ms: number) => Math.ceil(ms / 1000);

/** An array literal as text: it needs no array types of the driver. Ids are digits, so nothing needs quoting. */
const idArray = (messages: readonly Pick<QueueMessage, "id">[]) =>
  `{${messages.map(({ id }) => BigInt(id)).join(",")}}`;

function ids(rows: readonly IdRow[]): string[] {
  return rows.map(({ id }) => String(id));
}

function toMessage(row: MessageRow): QueueMessage {
  return {
    id: String(row.msg_id),
    payload: row.message,
    readCount: row.read_ct,
    enqueuedAt: new Date(row.enqueued_at),
  };
}
