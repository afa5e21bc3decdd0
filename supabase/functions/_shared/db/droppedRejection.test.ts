import assert from "node:assert/strict";
import { heedDroppedRejection } from "./droppedRejection.ts";

const isPrevented = (reason: unknown) => {
  const settled = Promise.resolve();
  const event = new PromiseRejectionEvent("unhandledrejection", { promise: settled, reason, cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
};

Deno.test("what the driver drops is heeded, and nothing else", () => {
  heedDroppedRejection();
  const query = "\n      select b.oid, b.typarray\n      from pg_catalog.pg_type a";
  assert.ok(isPrevented(Object.assign(new Error("read ECONNRESET"), { query })));
  assert.ok(!isPrevented(Object.assign(new Error("read ECONNRESET"), { query: "select 1" })));
  assert.ok(!isPrevented(new Error("ours")));
  assert.ok(!isPrevented(undefined));
});
