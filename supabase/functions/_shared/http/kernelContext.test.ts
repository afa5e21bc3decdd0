import assert from "node:assert/strict";
import type { Database } from "../db/database.ts";
import type { Caller } from "./caller.ts";
import type { RequestContext } from "./context.ts";
import { createFunctionFactory } from "./functionFactory.ts";
import { fakeServices } from "./testing/fakeServices.ts";

const database = { sql: () => Promise.resolve([]) } as unknown as Database;

async function contextOf(headers: HeadersInit, options: { admin?: boolean } = {}) {
  const asked: string[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const services = fakeServices({
    databaseFor: (caller: Caller, signal) => {
      asked.push(`db of ${caller.kind}`);
      signals.push(signal);
      return database;
    },
    admin: (signal) => {
      asked.push("admin");
      signals.push(signal);
      return database;
    },
  });
  let context: RequestContext | undefined;
  const fn = createFunctionFactory(() => services)({
    name: "look",
    summary: "Look around",
    auth: ["none"],
    ...options,
    methods: { POST: { handler: (_input, ctx) => void (context = ctx) } },
  });
  await fn.fetch(new Request("http://localhost/", { method: "POST", headers }));
  return { context: context!, asked, signals, services };
}

Deno.test("databases are opened by use, once a request, and end with its signal", async () => {
  const { context, asked, signals } = await contextOf({}, { admin: true });
  assert.deepEqual(asked, []);
  assert.equal(context.db.sql, database.sql);
  assert.equal(context.db, context.db);
  assert.equal(context.admin, context.admin);
  assert.deepEqual(asked, ["db of none", "admin"]);
  assert.deepEqual(signals, [context.signal, context.signal]);
});

Deno.test("the context may be taken apart, and tells what the request carried", async () => {
  const { context, services } = await contextOf({ "idempotency-key": "k", "last-event-id": "7", "x-request-id": "r1" });
  const { idempotencyKey, lastEventId, requestId, waitUntil, log, deadline } = context;
  assert.deepEqual([idempotencyKey, lastEventId, requestId], ["k", "7", "r1"]);
  waitUntil(Promise.resolve());
  assert.equal(services.background.length, 1);
  log.warn("Look");
  assert.deepEqual(services.logged[0]?.fields, { function: "look", requestId: "r1" });
  assert.ok(deadline.remainingMs() <= 25_000);
  const bare = (await contextOf({})).context;
  assert.deepEqual([bare.idempotencyKey, bare.lastEventId, bare.sessionKey], [undefined, undefined, undefined]);
  const key = "session-key_of-22-letters";
  const [once, again, other] = await Promise.all([key, key, `${key}2`].map(async (sent) => {
    return (await contextOf({ "x-session-key": sent })).context.sessionKey;
  }));
  assert.match(once!, /^[\w-]{43}$/);
  assert.deepEqual([again, other === once, once!.includes(key)], [once, false, false]);
  const short = (await contextOf({ "x-session-key": "guessed" })).context;
  assert.throws(() => short.sessionKey, { code: "invalid_input" });
});
