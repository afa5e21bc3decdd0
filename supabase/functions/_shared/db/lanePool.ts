import type { IdleLanes } from "./idleLanes.ts";
import type { Lane } from "./lane.ts";

/** How a lane is wanted: with others, or for oneself. */
export type LaneUse = "shared" | "held";
interface Waiter {
  readonly use: LaneUse;
  grant(lane: Lane): void;
}

/** How lanes are handed out. */
export interface LanePoolOptions {
  /**
   * Does a transaction-mode pooler stand between? It gives the server's connection to the next client as soon as one
   * statement has been answered. What had been sent behind it, and was not complete yet, would be answered to that client,
   * and its sender would wait for ever: a statement has a lane for itself there.
   *
   * @default false
   */
  readonly isPooled?: boolean;
}

/**
 * Hands out lanes: shared to single statements, which travel on one connection behind each other, and held to
 * transactions, which have it for themselves. First come, first served.
 */
export class LanePool {
  readonly #waiting: Waiter[] = [];
  readonly #isPooled: boolean;
  /** Once set, a lane that comes to rest is closed. */
  isRetiring = false;

  constructor(readonly lanes: readonly Lane[], readonly idle: IdleLanes, options: LanePoolOptions = {}) {
    this.#isPooled = options.isPooled ?? false;
  }

  /** A lane for `use`; rejects with the signal's reason when it aborts first. */
  acquire(use: LaneUse, signal?: AbortSignal): Lane | Promise<Lane> {
    const lane = this.#waiting.length === 0 ? this.#take(use) : undefined;
    if (lane !== undefined) return lane;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal?.reason);
        this.#grant(); // Whoever stood behind may be content with less.
      };
      const waiter: Waiter = {
        use,
        grant: (granted) => {
          signal?.removeEventListener("abort", onAbort);
          resolve(granted);
        },
      };
      this.#waiting.push(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  release(lane: Lane, use: LaneUse): void {
    if (use === "held") lane.isHeld = false;
    else lane.inFlight--;
    this.#grant();
    if (!lane.isIdle) return;
    if (this.isRetiring) lane.discard();
    else this.idle.note(lane);
  }

  #grant(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      const lane = this.#take(next.use);
      if (lane === undefined) return;
      this.#waiting.shift();
      next.grant(lane);
    }
  }

  #take(use: LaneUse): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of this.lanes) {
      // One whose connection breaks is replaced once those on it have been told.
      const isAlone = this.#isPooled || lane.isSpent;
      const isFree = !lane.isHeld && lane.cancelling === undefined && !(isAlone && lane.inFlight > 0);
      if (isFree && (best === undefined || lane.inFlight < best.inFlight)) best = lane;
    }
    if (best === undefined) return undefined;
    if (best.isIdle) {
      best.renewIfWorn();
      best.resetAttempts();
    }
    if (use === "held") best.isHeld = true;
    else best.inFlight++;
    return best;
  }
}
