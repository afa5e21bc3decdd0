import assert from "node:assert/strict";
import { eventsOf, TrackInput } from "./trackInput.ts";

const [eventId, productId] = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
const click = { eventId, type: "click", productId };
const pathsOf = (input: unknown) => TrackInput.safeParse(input).error?.issues.map(({ path }) => path.join(".")) ?? [];

Deno.test("one event and several are both an input, and give their events", () => {
  assert.deepEqual(eventsOf(TrackInput.parse(click)), [click]);
  assert.deepEqual(eventsOf(TrackInput.parse({ events: [click, click] })), [click, click]);
  assert.deepEqual(pathsOf({ eventId, type: "impression", shown: [productId] }), []);
});

Deno.test("what is wrong is said where it is wrong", () => {
  assert.deepEqual(pathsOf({}), ["eventId", "type"]);
  assert.deepEqual(pathsOf({ eventId, type: "click" }), ["productId"]);
  assert.deepEqual(pathsOf({ eventId, type: "impression" }), ["listId"]);
  assert.deepEqual(pathsOf({ ...click, events: [click] }), ["events"]);
  assert.deepEqual(pathsOf({ events: [click, { ...click, type: "viewed_often" }] }), ["events.1.type"]);
  assert.deepEqual(pathsOf({ ...click, quantity: 0.0001 }), ["quantity"]);
  assert.deepEqual(pathsOf({ ...click, query: "a\0b" }), ["query"]);
});
