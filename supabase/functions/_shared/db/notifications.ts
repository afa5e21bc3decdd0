import postgres from "postgres";
import type { Clock } from "../time/clock.ts";

/** How the connection is opened; tests bring their own. */
export interface ListenerConnection {
  /** `onListening` is called once it listens, and again after each reconnect. */
  listen(channel: string, hear: (payload: string) => void, onListening: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Options of {@link Notifications}. */
export interface NotificationsOptions {
  readonly channel: string;
  readonly open: () => ListenerConnection;
  readonly clock: Pick<Clock, "setTimer">;
  /** How long the connection stays when nobody listens any more. @default 10_000 */
  readonly lingerMs?: number;
  /** Hears why listening failed; whoever waits is woken by time alone then. */
  readonly onError: (error: unknown) => void;
}

/**
 * What NOTIFY says on one channel, by payload. One connection for all who listen, opened with the first and closed after the
 * last. A notification is a wake-up and may be lost: whoever is woken, or not, looks at a table.
 */
export class Notifications {
  readonly #options: NotificationsOptions;
  readonly #listeners = new Map<string, Set<() => void>>();
  #connection: ListenerConnection | undefined;
  #isListening = false;
  #cancelClosing = () => {};

  constructor(options: NotificationsOptions) {
    this.#options = options;
  }

  /** Whether notifications arrive by now: before that, and where listening failed, time alone wakes anybody. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Calls `hear` at every notification with this payload, until the returned function is called. */
  subscribe(payload: string, hear: () => void): () => void {
    this.#cancelClosing();
    this.#connect();
    const others = this.#listeners.get(payload) ?? new Set();
    this.#listeners.set(payload, others.add(hear));
    return () => {
      others.delete(hear);
      if (others.size === 0) this.#listeners.delete(payload);
      if (this.#listeners.size === 0) this.#closeLater();
    };
  }

  /** Closes the connection, whoever listens. */
  async close(): Promise<void> {
    this.#cancelClosing();
    const connection = this.#connection;
    this.#connection = undefined;
    this.#isListening = false;
    await connection?.close();
  }

  #connect(): void {
    if (this.#connection !== undefined) return;
    const { channel, open, onError } = this.#options;
    const connection = this.#connection = open();
    const hear = (payload: string) => this.#listeners.get(payload)?.forEach((listener) => listener());
    // What was told before somebody listened rang for nobody: all look once more.
    const onListening = () => {
      if (this.#connection !== connection) return;
      this.#isListening = true;
      for (const listeners of this.#listeners.values()) listeners.forEach((listener) => listener());
    };
    connection.listen(channel, hear, onListening).catch((error) => {
      if (this.#connection === connection) this.#connection = undefined; // The next who listens tries again.
      onError(error);
      connection.close().catch(() => {});
    });
  }

  #closeLater(): void {
    const { clock, lingerMs = 10_000, onError } = this.#options;
    this.#cancelClosing = clock.setTimer(() => this.close().catch(onError), lingerMs);
  }
}

/** A connection of its own to a server that is reached directly: a transaction pooler passes no notifications on. */
export function openListener(url: string, applicationName: string): ListenerConnection {
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: applicationName },
  });
  return {
    listen: async (channel, hear, onListening) => void await sql.listen(channel, hear, onListening),
    close: () => sql.end({ timeout: 1 }),
  };
}
