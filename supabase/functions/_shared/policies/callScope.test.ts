import assert from "node:assert/strict";
import { CallScope } from "./callScope.ts";

const noted = () => {
  const reasons: unknown[] = [];
  return { reasons, abort: (reason: unknown) => void reasons.push(reason) };
};

Deno.test("CallScope: no AbortController is made before the work reads the signal", () => {
  const real = globalThis.AbortController;
  let made = 0;
  globalThis.AbortController = class extends real {
    constructor() {
      super();
      made++;
    }
  };
  try {
    const outer = new CallScope(undefined, undefined, true);
    const inner = new CallScope(outer);
    inner.attach(noted());
    inner.end();
    assert.equal(made, 0);
    assert.equal(new CallScope(outer).signal.aborted, false);
    assert.equal(made, 1);
  } finally {
    globalThis.AbortController = real;
  }
});

Deno.test("CallScope: an abort reaches all inside, whether attached or by signal, once and with the first reason", () => {
  const outer = new CallScope(undefined, { key: "key" }, true);
  const [inner, other] = [new CallScope(outer), new CallScope(outer)];
  const [first, second] = [noted(), noted()];
  outer.attach(first);
  inner.attach(second);
  const { signal } = other;
  const order: string[] = [];
  inner.onAbort = () => void order.push("answered");
  inner.signal.addEventListener("abort", () => void order.push("work heard"));
  outer.abort("one");
  outer.abort("two");
  assert.deepEqual([first.reasons, second.reasons, signal.reason, inner.reason], [["one"], ["one"], "one", "one"]);
  assert.deepEqual(order, ["answered", "work heard"]);
  assert.equal(inner.key, "key");
  assert.equal(new CallScope(outer).signal.aborted, true);
});

Deno.test("CallScope: who attaches to what was aborted hears of it at once", () => {
  const scope = new CallScope(undefined, undefined, true);
  scope.abort("gone");
  const late = noted();
  scope.attach(late);
  assert.deepEqual([late.reasons, scope.signal.reason, scope.listeners], [["gone"], "gone", 0]);
});

Deno.test("CallScope: one that has ended has left no listener and hears of nothing, and its signal stays as it is", () => {
  const outer = new CallScope(undefined, undefined, true);
  const inner = new CallScope(outer);
  const { signal } = inner;
  assert.equal(outer.listeners, 1);
  inner.end();
  assert.equal(outer.listeners, 0);
  outer.abort("late");
  assert.equal(signal.aborted, false);
});

Deno.test("CallScope: a caller's signal is handed on as it is; without one nobody listens", () => {
  const { signal } = new AbortController();
  assert.equal(new CallScope(undefined, { signal }).signal, signal);
  const root = new CallScope(undefined);
  assert.equal(root.canAbort, false);
  void new CallScope(root).signal;
  assert.equal(root.listeners, 0);
});
