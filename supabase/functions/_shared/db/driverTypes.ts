import { Buffer } from "node:buffer";
import type postgres from "postgres";

/** A JSON value with its text made beforehand, so that nothing can throw while a message is being written. */
export class JsonText {
  readonly #value: unknown;
  readonly text: string;

  constructor(value: unknown) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError("the value has no JSON form");
    this.#value = value;
    this.text = text;
  }

  /** Inside a JSON array the value stands for itself. */
  toJSON(): unknown {
    return this.#value;
  }
}

const withoutBigint = (_key: string, value: unknown) => typeof value === "bigint" ? String(value) : value;

/**
 * How values are written for and read from Postgres, in place of the driver's own.
 *
 * Two differences. None of these throws: the driver writes a prepared statement's parameters in the middle of its
 * queue, where an exception rejects whichever statement is running, somebody else's, and shifts all later answers by
 * one. And none of them guesses: the driver sends the text "true" as false to a boolean, and fails on "infinity" for
 * a timestamp; here such a text goes as it is, and Postgres judges it.
 */
export const driverTypes: Record<string, postgres.PostgresType> = {
  json: {
    to: 114,
    from: [114, 3802],
    serialize: (value: unknown) => value instanceof JsonText ? value.text : JSON.stringify(value, withoutBigint),
    parse: (text: string) => JSON.parse(text),
  },
  date: {
    to: 1184,
    from: [1082, 1114, 1184],
    serialize: (value: unknown) => value instanceof Date ? value.toISOString() : String(value),
    parse: (text: string) => new Date(text),
  },
  boolean: {
    to: 16,
    from: [16],
    serialize: (value: unknown) => String(value),
    parse: (text: string) => text === "t",
  },
  bytea: {
    to: 17,
    from: [17],
    serialize: (value: unknown) =>
      value instanceof Uint8Array ? `\\x${Buffer.from(value).toString("hex")}` : String(value),
    parse: (text: string) => new Uint8Array(Buffer.from(text.slice(2), "hex")),
  },
};
