import assert from "node:assert/strict";
import fc from "fast-check";
import type { Clock } from "../time/clock.ts";
import { jsonLogger, type JsonLoggerOptions } from "./jsonLogger.ts";

function record(options: JsonLoggerOptions = {}) {
  let nowMs = Date.UTC(2026, 0, 1);
  const clock: Clock = { now: () => nowMs, monotonic: () => nowMs, setTimer: () => () => {} };
  const lines: string[] = [];
  const log = jsonLogger({ clock, sink: (line) => void lines.push(line), level: "debug", ...options });
  const events = () => lines.map((line) => JSON.parse(line));
  return { log, lines, events, pass: (ms: number) => void (nowMs += ms) };
}

Deno.test("jsonLogger: one line an event, with the fields of all its parents", () => {
  const { log, events } = record({ fields: { isolate: "i1" } });
  log.with({ requestId: "r1" }).with({ step: 1 }).info("Hello", { step: 2 });
  assert.deepEqual(events(), [
    { level: "info", time: "2026-01-01T00:00:00.000Z", message: "Hello", isolate: "i1", requestId: "r1", step: 2 },
  ]);
});

Deno.test("jsonLogger: below its level it is silent", () => {
  const { log, events } = record({ level: "warn" });
  for (const level of ["debug", "info", "warn", "error"] as const) log[level](level);
  assert.deepEqual(events().map(({ message }) => message), ["warn", "error"]);
});

Deno.test("jsonLogger: errors are told by code, name and message, along their causes; statements never", () => {
  const { log, events } = record();
  const driver = Object.assign(new Error("duplicate key"), { code: "23505", query: "insert", parameters: ["private"] });
  driver.name = "PostgresError";
  log.error("Failed", { error: new TypeError("Cannot save", { cause: driver }) });
  assert.deepEqual(events()[0].error, {
    name: "TypeError",
    message: "Cannot save",
    cause: { code: "23505", name: "PostgresError", message: "duplicate key" },
  });
});

Deno.test("jsonLogger: keys, tokens, passwords and addresses stay out, by name and by look", () => {
  const { log, lines } = record();
  const jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.c2lnbmF0dXJl";
  log.info(`from ann@example.com with ${jwt}`, {
    password: "hunter2",
    headers: { authorization: "Bearer abcdefgh12345", "x-api-key": "k", cookie: "session=1" },
    url: "postgres://postgres:hunter2@db.example.com:5432/postgres",
    note: `sb_secret_abc123 and sb_publishable_def456, ${jwt}`,
    error: new Error("no user bob.smith+x@mail.example.org", { cause: "Basic aHVudGVyMg==" }),
    list: [{ refreshToken: "hunter2" }],
    tokens: 42,
  });
  const [line] = lines;
  for (const secret of ["hunter2", "abcdefgh12345", "eyJ", "abc123", "def456", "@example.com", "bob", "session=1"]) {
    assert.ok(!line!.includes(secret), `${secret} in ${line}`);
  }
  assert.ok(line!.includes("db.example.com:5432") && line!.includes('"tokens":42'));
});

Deno.test("jsonLogger: any line is whole JSON under 10,000 characters", () => {
  const { lines, log, pass } = record();
  const strange = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true }),
    fc.string({ minLength: 1, maxLength: 20_000, unit: fc.constantFrom("\u0000", "\ud83d\ude00", '"', "a") }),
  );
  fc.assert(fc.property(fc.string(), fc.dictionary(fc.string(), strange), (message, fields) => {
    pass(10_000);
    const before = lines.length;
    log.error(message, fields);
    assert.equal(lines.length, before + 1);
    const line = lines.at(-1)!;
    assert.ok(line.length < 10_000, String(line.length));
    assert.ok(!line.includes("\n"));
    assert.equal(JSON.parse(line).level, "error");
  }));
});

Deno.test("jsonLogger: a huge message or field is cut, and says so", () => {
  const { log, events } = record();
  const fields = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, "x".repeat(5_000)]));
  log.info("y".repeat(50_000), fields);
  const [event] = events();
  assert.ok(event.message.endsWith("characters)"));
  assert.ok(event.f0.endsWith("... (5000 characters)"));
  assert.equal(event.droppedFields + Object.keys(event).filter((name) => /^f\d/.test(name)).length, 40);
});

Deno.test("jsonLogger: a flood keeps to 100 lines in 10 s, leaves room for errors, and is counted", () => {
  const { log, events, pass } = record();
  const child = log.with({ child: true });
  for (let index = 0; index < 500; index++) (index % 2 === 0 ? log : child).info("flood");
  for (let index = 0; index < 30; index++) log.error("the reason");
  assert.equal(events().length, 99);
  assert.equal(events().filter(({ message }) => message === "the reason").length, 20);
  pass(10_000);
  log.info("after");
  assert.deepEqual(events().slice(99).map(({ message, dropped }) => [message, dropped]), [
    ["Lines were dropped as there were too many", 431],
    ["after", undefined],
  ]);
});

Deno.test("jsonLogger: neither a sink nor a field that throws breaks the caller", () => {
  const lines: string[] = [];
  const broken = jsonLogger({
    sink: () => {
      throw new Error("disk full");
    },
  });
  broken.error("lost");
  const log = jsonLogger({ sink: (line) => void lines.push(line) });
  log.info("kept?", {
    get bad() {
      throw new Error("no");
    },
  });
  log.info("next");
  assert.equal(JSON.parse(lines.at(-1)!).message, "next");
});
