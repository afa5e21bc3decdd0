import assert from "node:assert/strict";
import { type ListenerConnection, Notifications } from "./notifications.ts";

function rig() {
  const opened: { hear: (payload: string) => void; isUp: () => void; isClosed: boolean }[] = [];
  const timers: (() => void)[] = [];
  let fails = false;
  const errors: unknown[] = [];
  const notifications = new Notifications({
    channel: "c",
    clock: {
      setTimer(callback) {
        timers.push(callback);
        return () => void timers.splice(timers.indexOf(callback), 1);
      },
    },
    onError: (error) => errors.push(error),
    open: (): ListenerConnection => {
      const one = { hear: (_: string) => {}, isUp: () => {}, isClosed: false };
      opened.push(one);
      return {
        listen(_channel, hear, onListening) {
          if (fails) return Promise.reject(new Error("no"));
          one.hear = hear;
          one.isUp = onListening;
          return Promise.resolve();
        },
        close: () => Promise.resolve(void (one.isClosed = true)),
      };
    },
  });
  return { notifications, opened, timers, errors, fail: (does: boolean) => void (fails = does) };
}

Deno.test("many listen over one connection, each hears its own, and the last one closes it after a while", () => {
  const { notifications, opened, timers } = rig();
  const heard: string[] = [];
  const stops = ["a", "a", "b"].map((payload, place) => notifications.subscribe(payload, () => heard.push(`${place}`)));
  assert.equal(opened.length, 1);
  opened[0]!.hear("a");
  opened[0]!.hear("nobody");
  assert.deepEqual(heard, ["0", "1"]);
  stops.forEach((stop) => stop());
  assert.deepEqual([opened[0]!.isClosed, timers.length], [false, 1]);
  const stop = notifications.subscribe("a", () => {});
  assert.equal(timers.length, 0, "it would have closed under whoever came back");
  stop();
  timers[0]!();
  assert.equal(opened[0]!.isClosed, true);
});

Deno.test("a connection that fails is told of once, and the next who listens tries again", async () => {
  const { notifications, opened, errors, fail } = rig();
  fail(true);
  notifications.subscribe("a", () => {});
  await Promise.resolve().then(() => {});
  await Promise.resolve();
  assert.equal(errors.length, 1);
  fail(false);
  notifications.subscribe("b", () => {});
  assert.equal(opened.length, 2);
});

Deno.test("as the connection listens, at first and again, all look once more for what nobody could hear", async () => {
  const { notifications, opened } = rig();
  let looks = 0;
  notifications.subscribe("a", () => looks++);
  assert.deepEqual([looks, notifications.isListening], [0, false]);
  opened[0]!.isUp();
  opened[0]!.isUp();
  assert.deepEqual([looks, notifications.isListening], [2, true]);
  await notifications.close();
  opened[0]!.isUp();
  assert.deepEqual([looks, notifications.isListening], [2, false]);
});
