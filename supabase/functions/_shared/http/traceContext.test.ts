import assert from "node:assert/strict";
import { seededRandom } from "../random/seededRandom.ts";
import { traceContext } from "./traceContext.ts";

const trace = (headers: Record<string, string>) => traceContext(new Headers(headers), seededRandom(1));
const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

Deno.test("a caller's trace goes on under a span of our own, its flags kept", () => {
  const { traceparent } = trace({ traceparent: parent });
  assert.match(traceparent, /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
  assert.doesNotMatch(traceparent, /00f067aa0ba902b7/);
});

Deno.test("without a trace, or with one that is not valid, a new one begins", () => {
  const bad = [
    "",
    "00-0",
    parent.toUpperCase(),
    `ff${parent.slice(2)}`,
    parent.replace(/b7-/, "b7-x"),
    `00-${"0".repeat(32)}-00f067aa0ba902b7-01`,
  ];
  for (const traceparent of bad) {
    assert.match(
      trace({ traceparent }).traceparent,
      /^00-(?!4bf92f)(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-00$/,
      traceparent,
    );
  }
  assert.match(trace({}).traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

Deno.test("a caller's request id is kept where it is plain and short", () => {
  assert.equal(trace({ "x-request-id": "a.B-9_" }).requestId, "a.B-9_");
  for (const bad of ["", "a b", 'a"b', "a/b", "x".repeat(129)]) {
    assert.match(trace({ "x-request-id": bad }).requestId, /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
  }
});
