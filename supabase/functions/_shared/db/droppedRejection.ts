/** Part of the statement by which the driver (3.4.9) asks each new connection for the array types that there are. */
export const asksForArrayTypes = "b.oid, b.typarray";

let isHeeded = false;

/**
 * Keeps the isolate alive where a connection breaks while the driver asks it for its array types: the driver drops the
 * promise of that, and what nobody handles ends an isolate. Whoever waits for the connection is told by their own statement.
 */
export function heedDroppedRejection(): void {
  if (isHeeded) return;
  isHeeded = true;
  addEventListener("unhandledrejection", (event) => {
    const { query } = (event.reason ?? {}) as { query?: unknown };
    if (typeof query === "string" && query.includes(asksForArrayTypes)) event.preventDefault();
  });
}
