import { checkWhole } from "./checkOption.ts";
import { definePolicy, type KeyedPolicy } from "./definePolicy.ts";
import { Flight } from "./flight.ts";

/** Options of {@link coalesce}. */
export interface CoalesceOptions {
  /** Keys that are asked for at once; calls of other keys then run by themselves. @default 1_000 */
  readonly maxKeys?: number;
}

/**
 * Makes one call of all that ask for the same key at the same time. A caller who leaves costs the others nothing: the call
 * is aborted when the last of them has left. All get the very same answer, so nobody may change it. Calls without a key
 * pass.
 *
 * @example
 * ```ts
 * const once = coalesce();
 * const price = await once.execute(() => fetch("https://example.com/7").then((r) => r.json()), { key: "price 7" });
 * ```
 */
export function coalesce(options: CoalesceOptions = {}): KeyedPolicy {
  const { maxKeys = 1_000 } = options;
  checkWhole("make a coalescer", { maxKeys }, 1);
  const flights = new Map<string, Flight>();
  return definePolicy((work, scope) => {
    const { key } = scope;
    if (key === undefined) return Promise.resolve(work(scope));
    const known = flights.get(key);
    if (known !== undefined) return known.join(scope);
    if (flights.size >= maxKeys) return Promise.resolve(work(scope));
    const flight = new Flight(work, key, () => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    flights.set(key, flight);
    return flight.join(scope);
  });
}
