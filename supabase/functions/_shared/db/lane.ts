import type postgres from "postgres";
import type { Clock } from "../time/clock.ts";

/** What a client tells its lane, and asks of it. */
export interface LaneHooks {
  /** The connection has closed. */
  onClose(): void;
  /** May another connection be made? Where not, why. */
  refusal(): Error | undefined;
}

/** Makes a postgres.js client of exactly one connection. */
export type OpenConnection = (hooks: LaneHooks) => postgres.Sql;

/**
 * One connection, opened at first use and opened anew when it is gone.
 *
 * The pool is made of these instead of one client with many connections, as postgres.js does not tell which of its
 * connections a holder has, nor the holder that it closed: a queue behind it would hang, or go on to a connection that
 * others use by now. With a client each, giving up a connection is throwing its client away.
 */
export class Lane {
  /** Nobody but its holder may send: a transaction runs here. */
  isHeld = false;
  /** Statements of those who share it that have not come back. */
  inFlight = 0;
  /** When the last of them gave it back. */
  idleSince = 0;
  /** A cancel request is on its way: whoever came onto the lane now might be hit by it. */
  cancelling: Promise<void> | undefined;
  /** Tells the holder that the connection closed under it. */
  onLost: (() => void) | undefined;
  #client: postgres.Sql | undefined;
  #openedAt = 0;
  #attempts = 0;
  #isSound = false;
  #isSpent = false;
  /** Connections that were given up and have not quite gone. */
  readonly #endings = new Set<Promise<void>>();
  #prepared = new WeakMap<TemplateStringsArray, Set<string>>();

  constructor(readonly open: OpenConnection, readonly clock: Clock, readonly maxLifetimeMs: number) {}

  /** The client of the connection. */
  get client(): postgres.Sql {
    return this.#client ??= this.#open();
  }

  /** Has it a connection, or one on its way? */
  get isOpen(): boolean {
    return this.#client !== undefined;
  }

  /** Is nobody using it? */
  get isIdle(): boolean {
    return this.inFlight === 0 && !this.isHeld;
  }

  /**
   * A statement on this client failed, and not by the server's word: the connection breaks, though it has not said yet that it
   * has closed. What the driver is given until then it never sends, and never settles.
   */
  spoil(client: postgres.Sql): void {
    if (this.#client === client) this.#isSpent = true;
  }

  /** Is its connection gone, or going? */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /**
   * Replaces a client whose connection has lived long enough or has closed; for an idle lane. Where a write was under way
   * when the connection closed, the driver would never write on the next one.
   */
  renewIfWorn(): void {
    if (this.#client === undefined) return;
    if (this.#isSpent || this.clock.monotonic() - this.#openedAt > this.maxLifetimeMs) this.discard();
  }

  #open(): postgres.Sql {
    this.#openedAt = this.clock.monotonic();
    const client: postgres.Sql = this.open({
      onClose: () => {
        if (this.#client !== client) return;
        this.#prepared = new WeakMap();
        this.#isSound = false;
        this.#isSpent = true;
        this.onLost?.();
      },
      // Of its own the driver tries for ever, and without a pause, where a server takes connections and closes them
      // before they are ready. A statement that waits costs one attempt, and one is for good measure.
      refusal: () => {
        if (this.#client !== client) return refused("it was given up");
        if (this.#isSound) return undefined; // A second one, for a cancel request.
        return ++this.#attempts > this.inFlight + 2 ? refused("the server closes it before it is ready") : undefined;
      },
    });
    return client;
  }

  /** A new statement may find out whether the connection can be had: attempts count from here. */
  resetAttempts(): void {
    this.#attempts = 0;
  }

  /** The server has answered. */
  noteAnswer(): void {
    this.#isSound = true;
  }

  /** Throws the connection away, whatever it is doing; the next use opens another. */
  discard(): void {
    const client = this.#client;
    this.#client = undefined;
    this.#prepared = new WeakMap();
    this.#isSound = false;
    this.#isSpent = false;
    if (client === undefined) return;
    // Closing what is broken may fail; there is nobody left to tell.
    const ending = client.end({ timeout: 0 }).catch(() => {}).finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
  }

  /** Closes the connection once what is in flight has come back. */
  async close(timeoutSeconds: number): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end({ timeout: timeoutSeconds });
    await Promise.all(this.#endings);
  }

  /** Has this connection the statement prepared, so that its parameters go out with it in one flight? */
  hasPrepared(statement: TemplateStringsArray, kinds: string): boolean {
    return this.#prepared.get(statement)?.has(kinds) === true;
  }

  notePrepared(statement: TemplateStringsArray, kinds: string): void {
    const known = this.#prepared.get(statement);
    if (known === undefined) this.#prepared.set(statement, new Set([kinds]));
    else known.add(kinds);
  }

  forgetPrepared(statement: TemplateStringsArray): void {
    this.#prepared.delete(statement);
  }
}

function refused(why: string): Error {
  return Object.assign(new Error(`Cannot open the connection to the database as ${why}`), { code: "ECONNREFUSED" });
}
