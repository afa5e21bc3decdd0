import assert from "node:assert/strict";
import { hubOf, isolateHub, KernelHub } from "./kernelHub.ts";
import type { KernelObserver } from "./kernelObserver.ts";

function listener(heard: string[], name: string, fails = false): KernelObserver {
  const note = (what: string) => {
    heard.push(`${name} ${what}`);
    if (fails) throw new Error("broken");
  };
  return {
    called: (operation, durationMs) => note(`${operation} ${durationMs}`),
    counted: (counter, by) => note(`${counter} ${by}`),
    happened: ({ kind, subject }) => note(`${kind} ${subject}`),
  };
}

Deno.test("all observers are told, one that throws harms nobody, and one that has left hears nothing", () => {
  const hub = new KernelHub();
  const heard: string[] = [];
  hub.watch(listener(heard, "a", true));
  const leave = hub.watch(listener(heard, "b"));
  hub.called("db.insert", 3, false);
  hub.counted("cache.flags.hit");
  hub.happened({ kind: "trip", subject: "maps" });
  leave();
  hub.counted("cache.flags.miss", 2);
  assert.deepEqual(heard, [
    "a db.insert 3",
    "b db.insert 3",
    "a cache.flags.hit 1",
    "b cache.flags.hit 1",
    "a trip maps",
    "b trip maps",
    "a cache.flags.miss 2",
  ]);
});

Deno.test("a hub knows whether anybody looks on, and an observer of one component gets a hub of its own", () => {
  const hub = new KernelHub();
  assert.equal(hub.isWatched, false);
  const leave = hub.watch(listener([], "a"));
  assert.equal(hub.isWatched, true);
  leave();
  assert.equal(hub.isWatched, false);

  const heard: string[] = [];
  const own = hubOf(listener(heard, "own", true));
  assert.equal(own.isWatched, true);
  own.called("db.insert", 1, false);
  assert.deepEqual(heard, ["own db.insert 1"]);
  assert.equal(hubOf(hub), hub);
  assert.equal(hubOf(), isolateHub);
});
