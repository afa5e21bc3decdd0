import postgres from "postgres";
import { createResilientDb, type DbResult } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { order, orderId, poolSize } from "./orders.ts";

/** One way to write and to read an order. */
export interface Side extends AsyncDisposable {
  readonly label: string;
  insert(): Promise<unknown>;
  select(): Promise<unknown>;
}

/** What a developer writes without us: the same statements, written out, and the driver's own pool. */
export function bareSide(url: string): Side {
  const sql = postgres(url, { max: poolSize, onnotice: () => {} });
  return {
    label: "bare postgres.js",
    insert: () =>
      sql`insert into public.orders (customer_id, total, note)
        values (${order.customer_id}, ${order.total}, ${order.note}) returning *`,
    select: () => sql`select * from public.orders where id = ${orderId}`,
    [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }),
  };
}

/** The wrapper on a connection string. */
export function textSide(url: string): Side {
  const db = createResilientDb(url, { poolSize, schemaPollMs: 0 });
  return {
    label: "ResilientDb, connection string",
    insert: () => db.insert("orders", order).then(mustSucceed),
    select: () => db.select("orders", { match: { id: orderId } }).then(mustSucceed),
    [Symbol.asyncDispose]: () => db.close(),
  };
}

/** The wrapper on the developer's own client. */
export function clientSide(url: string): Side {
  const sql = postgres(url, { max: poolSize, onnotice: () => {} });
  const db = createResilientDb(sql, { schemaPollMs: 0 });
  return {
    label: "ResilientDb, postgres.js client",
    insert: () => db.insert("orders", order).then(mustSucceed),
    select: () => db.select("orders", { match: { id: orderId } }).then(mustSucceed),
    [Symbol.asyncDispose]: () => db.close().then(() => sql.end({ timeout: 5 })),
  };
}

/** A failure that comes fast would look like a good figure. */
export function mustSucceed<Data>({ data, error, healing }: DbResult<Data>) {
  if (error !== null) throw error;
  return { data, healing };
}
