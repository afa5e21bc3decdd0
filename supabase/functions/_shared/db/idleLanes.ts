import type { Clock } from "../time/clock.ts";
import type { Lane } from "./lane.ts";

/**
 * Closes connections that nobody has used for a while. One timer for all lanes, which stands while any of them is open:
 * the driver sets and clears one whenever a connection comes to rest, for every statement under a caller's rights.
 */
export class IdleLanes {
  readonly #lanes: readonly Lane[];
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #cancelTimer: (() => void) | undefined;

  constructor(lanes: readonly Lane[], clock: Clock, timeoutMs: number) {
    this.#lanes = lanes;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  /** `lane` has come to rest. */
  note(lane: Lane): void {
    lane.idleSince = this.#clock.monotonic();
    this.#cancelTimer ??= this.#clock.setTimer(this.#close, this.#timeoutMs);
  }

  /** No timer runs from here on, until a lane comes to rest again. */
  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  readonly #close = (): void => {
    this.#cancelTimer = undefined;
    const now = this.#clock.monotonic();
    let nextAt = Infinity;
    for (const lane of this.#lanes) {
      if (!lane.isOpen) continue;
      const dueAt = (lane.isIdle ? lane.idleSince : now) + this.#timeoutMs;
      if (dueAt <= now) lane.discard();
      else nextAt = Math.min(nextAt, dueAt);
    }
    if (nextAt < Infinity) this.#cancelTimer = this.#clock.setTimer(this.#close, Math.ceil(nextAt - now));
  };
}
