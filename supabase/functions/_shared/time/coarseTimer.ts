import { type Clock, systemClock } from "./clock.ts";

/** How late a callback may come, at most. */
const bucketMs = 8;

/** Turns of the queue of promises for which the runtime's timer is kept with nothing to wait for. */
const idleTurns = 32;

const nextTurn = Promise.resolve();

/** One callback that waits for its time. */
export class CoarseWait {
  /** Where it stands; undefined once it was called or cancelled. */
  bucket: Bucket | undefined;
  previous: CoarseWait | undefined = undefined;
  next: CoarseWait | undefined = undefined;

  constructor(readonly timer: CoarseTimer, readonly callback: () => void, bucket: Bucket) {
    this.bucket = bucket;
  }

  /** It is not called any more. */
  cancel(): void {
    if (this.bucket !== undefined) this.timer.cancel(this, this.bucket);
  }
}

/** All that is due within the same 8 ms. */
interface Bucket {
  readonly dueAt: number;
  oldest: CoarseWait | undefined;
  newest: CoarseWait | undefined;
}

/**
 * Any number of timers of any delay, on one timer of the clock: they are kept by the 8 ms in which they are due, and are
 * called up to 8 ms late. A timer of the runtime set and cleared for each call takes 2.4 us on Deno 2.9 and 10 to 12 on
 * 2.1.4; this takes 0.2.
 *
 * When nothing waits the clock's timer goes, before the runtime gets to anything else: one call after the other, as most
 * work is done, would otherwise set and clear it each time. A callback finds the asynchronous context (AsyncLocalStorage)
 * of whoever set the clock's timer, not its own.
 */
export class CoarseTimer {
  readonly #clock: Clock;
  readonly #buckets = new Map<number, Bucket>();
  /** The one used last: calls of the same policy mostly fall into it. */
  #last: Bucket | undefined;
  #waiting = 0;
  #timerDueAt = Infinity;
  #cancelTimer: (() => void) | undefined;
  #turnsLeft = 0;
  #readAt = NaN;
  #nowThen = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The clock's monotonic time, read once a millisecond at most: on Deno 2.1.4 a reading takes 2.5 us, and one of the wall
   * clock, which tells whether the millisecond has passed, 0.05.
   */
  now(): number {
    const readAt = this.#clock.now();
    if (readAt !== this.#readAt) {
      this.#readAt = readAt;
      this.#nowThen = this.#clock.monotonic();
    }
    return this.#nowThen;
  }

  /** Calls `callback` once, `delayMs` after `now` or up to 8 ms later. */
  set(callback: () => void, delayMs: number, now: number = this.now()): CoarseWait {
    const dueAt = Math.ceil((now + Math.max(0, delayMs)) / bucketMs) * bucketMs;
    const bucket = this.#last?.dueAt === dueAt ? this.#last : this.#bucketOf(dueAt);
    const wait = new CoarseWait(this, callback, bucket);
    wait.previous = bucket.newest;
    if (bucket.newest === undefined) bucket.oldest = wait;
    else bucket.newest.next = wait;
    bucket.newest = wait;
    this.#waiting++;
    if (dueAt < this.#timerDueAt) this.#setTimer(dueAt, now);
    return wait;
  }

  /** For {@link CoarseWait.cancel}. */
  cancel(wait: CoarseWait, bucket: Bucket): void {
    remove(wait, bucket);
    this.#waiting--;
    if (this.#waiting > 0 || this.#cancelTimer === undefined) return;
    // Counted anew; where turns are being counted already, they go on.
    const isCounting = this.#turnsLeft > 0;
    this.#turnsLeft = idleTurns;
    if (!isCounting) nextTurn.then(this.#countTurn);
  }

  #bucketOf(dueAt: number): Bucket {
    let bucket = this.#buckets.get(dueAt);
    if (bucket === undefined) {
      bucket = { dueAt, oldest: undefined, newest: undefined };
      this.#buckets.set(dueAt, bucket);
    }
    return this.#last = bucket;
  }

  #setTimer(dueAt: number, now: number): void {
    this.#cancelTimer?.();
    this.#timerDueAt = dueAt;
    this.#cancelTimer = this.#clock.setTimer(this.#fire, Math.ceil(dueAt - now));
  }

  readonly #countTurn = (): void => {
    if (this.#waiting > 0) this.#turnsLeft = 0;
    else if (--this.#turnsLeft > 0) nextTurn.then(this.#countTurn);
    else this.#rest();
  };

  /** Nothing waits: no timer stands, and no bucket is kept. */
  #rest(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerDueAt = Infinity;
    this.#buckets.clear();
    this.#last = undefined;
  }

  readonly #fire = (): void => {
    this.#cancelTimer = undefined;
    this.#timerDueAt = Infinity;
    const now = this.#clock.monotonic();
    try {
      for (const bucket of [...this.#buckets.values()].filter(({ dueAt }) => dueAt <= now).sort(byTime)) {
        for (let wait = bucket.oldest; wait !== undefined; wait = bucket.oldest) {
          remove(wait, bucket);
          this.#waiting--;
          wait.callback();
        }
      }
    } finally { // One callback that throws takes no other's time away.
      this.#waitOn(now);
    }
  };

  /** Forgets buckets with nobody in them, and waits for the first of the others. */
  #waitOn(now: number): void {
    let first = Infinity;
    for (const { dueAt, oldest } of this.#buckets.values()) {
      if (oldest === undefined) this.#buckets.delete(dueAt);
      else first = Math.min(first, dueAt);
    }
    this.#last = undefined;
    if (first < this.#timerDueAt) this.#setTimer(Math.max(first, now), now);
  }
}

function byTime(a: Bucket, b: Bucket): number {
  return a.dueAt - b.dueAt;
}

function remove(wait: CoarseWait, bucket: Bucket): void {
  wait.bucket = undefined;
  if (wait.previous === undefined) bucket.oldest = wait.next;
  else wait.previous.next = wait.next;
  if (wait.next === undefined) bucket.newest = wait.previous;
  else wait.next.previous = wait.previous;
  // One that has grown old would else keep all that came after it from being collected as young.
  wait.previous = wait.next = undefined;
}

const timers = new WeakMap<Clock, CoarseTimer>();

/** The one coarse timer of a clock, so of this isolate. */
export function coarseTimer(clock: Clock = systemClock): CoarseTimer {
  let timer = timers.get(clock);
  if (timer === undefined) timers.set(clock, timer = new CoarseTimer(clock));
  return timer;
}
