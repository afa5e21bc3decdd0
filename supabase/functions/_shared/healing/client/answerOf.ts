import type { DbResult } from "./resilientDb.ts";

/**
 * What a call gave. Throws the error where there is one: whoever answers a request tells its caller of it by its code, never
 * by a driver's words.
 *
 * @example
 * ```ts
 * const [cart] = answerOf(await ctx.db.insert("carts", { customerId: userId }));
 * ```
 */
export function answerOf<Data>(result: DbResult<Data>): Data {
  if (result.error !== null) throw result.error;
  return result.data;
}
