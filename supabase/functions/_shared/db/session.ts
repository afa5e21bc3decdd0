import type postgres from "postgres";
import {
  cancelRunning,
  type DriverQuery,
  isRunning,
  neverSendTwice,
  runOnlyAfter,
  wasPrepared,
} from "./driverQuery.ts";
import type { Lane } from "./lane.ts";
import { isServerError } from "./sqlState.ts";
import { driverQuery, type Statement } from "./statement.ts";

/**
 * One connection held by one transaction. What is sent without waiting travels together, in order. When the connection
 * closes, everything pending rejects at once, and nothing more is sent: by then the connection may be somebody else's.
 */
export class Session {
  readonly #lane: Lane;
  readonly #connection: postgres.ReservedSql;
  readonly #isPooled: boolean;
  readonly #pending = new Map<DriverQuery, (error: Error) => void>();
  #lost: Error | undefined;
  #cancelling: Promise<void> | undefined;
  #isCancelled = false;
  #hasSettings = false; // Set by hand, maybe for longer than the transaction: whoever comes next must not have them.

  private constructor(lane: Lane, connection: postgres.ReservedSql, isPooled: boolean) {
    this.#lane = lane;
    this.#connection = connection;
    this.#isPooled = isPooled;
    lane.onLost = () => this.#lose(connectionClosed());
  }

  /** Takes the lane's connection, opening it where needed. The lane must be held. */
  static async open(lane: Lane, isPooled: boolean): Promise<Session> {
    return await Session.#reserve(lane, isPooled) ?? await Session.#reserve(lane, isPooled) ?? fail(connectionClosed());
  }

  /** Undefined where the connection closed meanwhile: the driver may have forgotten the reservation with it. */
  static async #reserve(lane: Lane, isPooled: boolean): Promise<Session | undefined> {
    const lost = Promise.withResolvers<undefined>();
    lane.onLost = () => lost.resolve(undefined);
    try {
      const connection = await Promise.race([lane.client.reserve(), lost.promise]);
      if (connection !== undefined) return new Session(lane, connection, isPooled);
    } catch (error) {
      lane.discard(); // The driver keeps a refused reservation in its queue, and would give the next connection to it.
      throw error;
    }
    lane.discard();
    return undefined;
  }

  /** Must the server describe the statement before its parameters can be sent? Always so behind a pooler. */
  isDescribedFirst({ strings, values, kinds }: Statement): boolean {
    return values.length > 0 && (this.#isPooled || !this.#lane.hasPrepared(strings, kinds));
  }

  /** Sends text that is the kernel's own: begin, commit, rollback. */
  control(text: string): Promise<string> {
    return this.#send(this.#unsafe(text)).then(commandOf);
  }

  /** Sends a statement; its transaction must have begun. */
  statement(statement: Statement): Promise<postgres.Row[]> {
    return this.#sendStatement(statement, this.#build(statement));
  }

  /** Sends the opening text and the description of `statement` in one flight; it runs if the opening succeeded. */
  openWith(opening: string, statement: Statement): [Promise<unknown>, Promise<postgres.Row[]>] {
    const first = this.#unsafe(opening);
    const second = this.#build(statement);
    runOnlyAfter(first, second, () => !this.#isCancelled);
    return [this.#send(first), this.#sendStatement(statement, second)];
  }

  /** Cancels what is running, and what is about to. */
  cancel(): void {
    this.#isCancelled = true;
    for (const query of this.#pending.keys()) {
      if (isRunning(query)) this.#cancelling = cancelRunning(query, this.#lane.clock);
    }
  }

  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Gives the connection back if the transaction on it is known to have ended, and throws it away otherwise. */
  async end(hasEnded: boolean): Promise<void> {
    await this.#cancelling; // A cancel request still on its way would hit whoever comes next.
    this.#lane.onLost = undefined;
    if (hasEnded && this.#lost === undefined && !this.#hasSettings) this.#connection.release();
    else this.#lane.discard();
  }

  #unsafe(text: string): DriverQuery {
    return this.#connection.unsafe(text).simple() as unknown as DriverQuery;
  }

  #build(statement: Statement): DriverQuery {
    const query = driverQuery(this.#connection, statement);
    neverSendTwice(query, () => this.#lane.forgetPrepared(statement.strings));
    return query;
  }

  async #sendStatement({ strings, kinds }: Statement, query: DriverQuery): Promise<postgres.Row[]> {
    try {
      const rows = await this.#send(query);
      if (endsTransaction(rows.command, strings)) {
        this.#lose(new Error("Cannot go on as a statement has ended the transaction, and with it the caller's rights"));
        throw this.#lost;
      }
      if (rows.command === "SET" || rows.command === "RESET") this.#hasSettings = true;
      return rows.slice();
    } finally {
      if (!this.#isPooled && wasPrepared(query)) this.#lane.notePrepared(strings, kinds);
    }
  }

  #send(query: DriverQuery): Promise<postgres.RowList<postgres.Row[]>> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#pending.set(query, reject);
      query.then((rows) => {
        this.#pending.delete(query);
        this.#lane.noteAnswer();
        resolve(rows);
      }, (error) => {
        this.#pending.delete(query);
        reject(error);
        if (!isServerError(error)) this.#lose(error);
      });
    });
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    for (const reject of this.#pending.values()) reject(this.#lost);
    this.#pending.clear();
  }
}

function connectionClosed(): Error {
  return Object.assign(new Error("The connection to the database closed"), { code: "CONNECTION_CLOSED" });
}

/** The command tag of a message's last statement: a commit of what had failed answers ROLLBACK. */
function commandOf(result: unknown): string {
  const last = Array.isArray(result) && !("command" in result) ? result.at(-1) : result;
  return String((last as { command?: unknown }).command);
}

/** Tags of transaction control; going back to a savepoint has that of a rollback, and stays inside. */
function endsTransaction(command: string, strings: TemplateStringsArray): boolean {
  return command === "COMMIT" || (command === "ROLLBACK" && !/^\s*rollback\b.*\bto\b/i.test(strings[0] ?? ""));
}

function fail(error: Error): never {
  throw error;
}
