import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { causedBy } from "../causeScope.ts";
import type { SentryEvent } from "./sentryClient.ts";
import { SentryObserver } from "./sentryObserver.ts";

function setUp() {
  const clock = new FakeClock();
  const captured: SentryEvent[] = [];
  const work: Promise<unknown>[] = [];
  const state = { isDown: false, opened: 0 };
  const observer = new SentryObserver({
    clock,
    waitUntil: (one) => void work.push(one),
    client() {
      state.opened++;
      if (state.isDown) return Promise.reject(new Error("down"));
      return Promise.resolve({ capture: (event) => void captured.push(event), flush: () => Promise.resolve() });
    },
  });
  return { clock, captured, observer, state, settle: () => Promise.all(work) };
}

Deno.test("what somebody should look at is reported, and nothing is loaded for anything else", async () => {
  const { observer, captured, state, settle } = setUp();
  observer.happened({ kind: "shed", subject: "maps", cause: "circuit:maps:1" });
  observer.happened({ kind: "retry", subject: "maps" });
  observer.happened({ kind: "failure", subject: "orders", cause: "error:invalid_request" });
  await settle();
  assert.equal(state.opened, 0);
  causedBy({ requestId: "req-1", functionName: "orders" }, () => {
    observer.happened({ kind: "trip", subject: "maps", ref: "circuit:maps:1", cause: "error:http_503" });
    observer.happened({ kind: "failure", subject: "orders", cause: "error:internal", error: new TypeError("x") });
    observer.happened({ kind: "dead_letter", subject: "public.orders", cause: "sqlstate:22P02" });
  });
  observer.happened({ kind: "failure", subject: "job.ops-purge", cause: "sqlstate:57014" });
  await settle();
  assert.equal(state.opened, 1);
  assert.deepEqual(captured.map(({ level, tags }) => [level, tags["kind"], tags["request_id"]]), [
    ["warning", "trip", "req-1"],
    ["error", "failure", "req-1"],
    ["error", "dead_letter", "req-1"],
    ["error", "failure", undefined],
  ]);
  assert.equal(captured[0]!.message, "trip of maps: error:http_503");
  assert.equal(captured[1]!.exception!.values[0]!.type, "TypeError");
});

Deno.test("keys, tokens and addresses do not leave, wherever they stand", async () => {
  const { observer, captured, settle } = setUp();
  const error = new Error("Cannot mail ada@example.com with sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789");
  observer.happened({ kind: "failure", subject: "job.a", cause: "error:x", error, detail: { to: "bob@example.com" } });
  await settle();
  const text = JSON.stringify(captured);
  for (const secret of ["ada@example.com", "bob@example.com", "sk-ant-api03"]) assert.ok(!text.includes(secret), text);
});

Deno.test("the same thing is reported once a minute, and no more than thirty", async () => {
  const { observer, captured, clock, settle } = setUp();
  for (let time = 0; time < 100; time++) observer.happened({ kind: "trip", subject: "maps" });
  await settle();
  assert.equal(captured.length, 1);
  for (let time = 0; time < 100; time++) observer.happened({ kind: "trip", subject: `circuit ${time}` });
  await settle();
  assert.equal(captured.length, 30);
  await clock.advance(60_000);
  observer.happened({ kind: "trip", subject: "maps" });
  await settle();
  assert.equal(captured.length, 31);
});

Deno.test("a client that cannot be opened harms nobody, and is tried again", async () => {
  const { observer, captured, state, settle } = setUp();
  state.isDown = true;
  observer.happened({ kind: "trip", subject: "maps" });
  await settle();
  state.isDown = false;
  observer.happened({ kind: "trip", subject: "mail" });
  await settle();
  assert.deepEqual(captured.map(({ tags }) => tags["subject"]), ["mail"]);
});
