import assert from "node:assert/strict";
import { type ConnectorSource, openConnector } from "./openConnector.ts";

const open = (source: unknown) => openConnector(source as ConnectorSource);
const driverClient = (options?: unknown) => Object.assign(() => {}, { unsafe() {}, typed() {}, options });
const restClient = { from() {}, rpc() {}, schema() {} };

Deno.test("a source is told by its shape", async () => {
  assert.equal(open(driverClient()).kind, "postgres");
  assert.equal(open(driverClient({ transform: { column: { from: undefined } } })).kind, "postgres");
  assert.equal(open(restClient).kind, "postgrest");
  const own = open("postgres://postgres@127.0.0.1:6543/postgres");
  assert.equal(own.kind, "postgres");
  await own.close();
});

Deno.test("what is no source is refused, and what it is not said", () => {
  for (const source of [undefined, null, 5, {}, [], () => {}, { from() {} }, { unsafe() {}, typed() {} }]) {
    assert.throws(() => open(source), { name: "TypeError", message: /^Cannot open a connector as the source must be/ });
  }
  assert.throws(() => open("not a url"), (error: Error) => !error.message.includes("not a url"));
});

Deno.test("a client that renames columns is refused", () => {
  assert.throws(() => open(driverClient({ transform: { column: { from: String } } })), /renames columns/);
});
