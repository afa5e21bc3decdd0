import type { Database, SqlTag } from "../db/database.ts";
import type { HealedStatements } from "../healing/client/healedStatements.ts";
import type { Row } from "../connect/connector.ts";
import type { HealedRequest, SharedHealing } from "../healing/client/sharedHealing.ts";
import type { ResilientStatements } from "../healing/client/resilientDb.ts";

/**
 * The database under the caller's claims: row level security decides what is seen and changed. Its writes heal, as those of a
 * `ResilientDb` do, and give a result with either `data` or `error`: `answerOf` makes an answer of it.
 *
 * @example
 * ```ts
 * const orders = await ctx.db.sql<{ id: string }>`select id from public.orders where placed_at > ${since}`;
 * const cart = answerOf(await ctx.db.insert("carts", { customerId: userId }));
 * ```
 */
export interface CallerDb extends HealedStatements {
  /** A statement as it is written: for what reads. */
  readonly sql: SqlTag;
  /** For the call of a function that reads: one round trip instead of two. A list is taken for an array. */
  readonly call: SqlTag;
}

/** Where the healing of the isolate comes from: loaded at the first write, as a function that only reads needs none of it. */
export type HealingSource = () => Promise<SharedHealing>;

/** The request that statements are made for. */
export interface CallerRequest extends HealedRequest {
  /** Ends what they wait for; what they run ends with the database's own. @default none */
  readonly signal?: AbortSignal;
}

/** Makes a {@link CallerDb} of the caller's database. */
export function callerDb(database: Database, healing: HealingSource, request: CallerRequest = {}): CallerDb {
  const { signal } = request;
  let opened: Promise<HealedStatements> | undefined;
  const healed = () => opened ??= healing().then((shared) => shared.through(database, request));
  const within = <Options extends { signal?: AbortSignal }>(options?: Options) =>
    (signal === undefined ? options : { signal, ...options }) as Options;
  return {
    sql: database.sql,
    call: database.call,
    insert: async (table, rows, options) => await (await healed()).insert(table, rows, within(options)),
    upsert: async (table, rows, options) => await (await healed()).upsert(table, rows, within(options)),
    update: async (table, patch, match, options) => await (await healed()).update(table, patch, match, within(options)),
    delete: async (table, match, options) => await (await healed()).delete(table, match, within(options)),
    select: async (table, selection, options) => await (await healed()).select(table, selection, within(options)),
    rpc: async (fn, args, options) => await (await healed()).rpc(fn, args, within(options)),
    batch: async (table: string, rows: readonly Row[], options) =>
      await (await healed()).batch(table, rows, within(options)),
    transaction: async <Result>(
      work: (tx: ResilientStatements) => Promise<Result>,
      options: Parameters<HealedStatements["transaction"]>[1],
    ) => await (await healed()).transaction(work, within(options)),
  };
}
