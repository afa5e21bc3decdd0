import type { Notifications } from "../../_shared/db/notifications.ts";
import type { Clock } from "../../_shared/time/clock.ts";
import { sleep } from "../../_shared/time/sleep.ts";

/** Says when to look again. It may be wrong: whoever is woken looks. */
export interface Waker {
  /** Ends when there may be something; rejects when the signal aborts. */
  wait(signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** Without notifications somebody has to look. */
const pollMs = 1_000;
/** With them a look now and then makes up for one that was lost, and keeps the stream's lease. */
const safetyMs = 15_000;

/** Wakes at notifications for a subject while they are heard, else every second. */
export function openWaker(
  notifications: Pick<Notifications, "subscribe" | "isListening"> | undefined,
  subject: string,
  clock: Clock,
): Waker {
  let isDue = false;
  let ring = () => {};
  const stop = notifications?.subscribe(subject, () => {
    isDue = true;
    ring();
  });
  return {
    async wait(signal) {
      if (!isDue) {
        const woken = new AbortController();
        ring = () => woken.abort();
        const either = AbortSignal.any([signal, woken.signal]);
        await sleep(notifications?.isListening ? safetyMs : pollMs, { signal: either, clock }).catch(() => {});
        ring = () => {};
        signal.throwIfAborted();
      }
      isDue = false;
    },
    stop: () => stop?.(),
  };
}
