import postgres from "postgres";

/** A connection of our own tools: one at a time, quiet about notices, closed by `await using`. */
export type Connection = postgres.Sql & AsyncDisposable;

/** Opens a connection to the database at `url`, at first use. */
export function connect(url: string, options: { /** @default 1 */ max?: number } = {}): Connection {
  const { max = 1 } = options;
  const sql = postgres(url, {
    max,
    prepare: false, // The address may be a transaction-mode pooler's.
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: "ballast" },
  });
  return Object.assign(sql, { [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }) });
}
