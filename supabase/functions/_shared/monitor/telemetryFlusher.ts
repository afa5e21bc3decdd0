import { sqlStateOf } from "../db/sqlState.ts";
import type { Clock } from "../time/clock.ts";
import type { TelemetryFrame } from "./telemetryFrame.ts";
import type { TelemetrySender, TelemetryStore } from "./telemetryStore.ts";

/** Frames that wait for a store that cannot be reached; then the open frame is written on, whatever minute it is. */
const mostWaiting = 10;
/** A store that has not answered for so long is asked again when the next write is due. */
const patienceMs = 10_000;

/** What a flusher is made of. */
export interface TelemetryFlusherParts {
  readonly store: TelemetryStore;
  readonly sender: () => TelemetrySender;
  readonly clock: Clock;
  /** Hears of a write that failed. */
  readonly onError: (error: unknown) => void;
  /** Hears of a frame that was given up. */
  readonly onLost: () => void;
}

/** Sends frames, in order, each until it has arrived; a frame that the store can never take is given up. */
export class TelemetryFlusher {
  readonly #parts: TelemetryFlusherParts;
  #waiting: TelemetryFrame[] = [];
  #sending: Promise<boolean> | undefined;
  #lastSequence = 0;
  #atOnce = mostWaiting;

  constructor(parts: TelemetryFlusherParts) {
    this.#parts = parts;
  }

  /** Is there room for another frame? */
  get hasRoom(): boolean {
    return this.#waiting.length < mostWaiting;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Queues a frame, made with the number it gets. */
  add(close: (sequence: number) => TelemetryFrame): void {
    this.#waiting.push(close(++this.#lastSequence));
  }

  /** Sends until nothing waits any more. False where something does not arrive; never rejects. */
  async sendAll(): Promise<boolean> {
    // One write takes all, but for what the store has refused: that goes one by one.
    for (let writes = 0; writes < 2 * mostWaiting; writes++) {
      const [waiting, atOnce] = [this.#waiting.length, this.#atOnce];
      if (await this.send()) return true;
      if (this.#waiting.length === waiting && this.#atOnce === atOnce) return false;
    }
    return !this.isWaiting;
  }

  /** Sends what waits, behind what is being sent. False where it has not arrived; never rejects. */
  async send(): Promise<boolean> {
    while (this.#sending !== undefined) await this.#sending;
    if (this.#waiting.length === 0) return true;
    this.#sending = this.#write().finally(() => this.#sending = undefined);
    return await this.#sending;
  }

  async #write(): Promise<boolean> {
    const { store, sender, clock, onError } = this.#parts;
    const frames = this.#waiting.slice(0, this.#atOnce);
    const patience = new AbortController();
    const cancel = clock.setTimer(() => patience.abort(new Error("Telemetry was not taken in time")), patienceMs);
    try {
      await store.record(sender(), frames, patience.signal);
      this.#waiting = this.#waiting.slice(frames.length);
      this.#atOnce = mostWaiting;
      return this.#waiting.length === 0;
    } catch (error) {
      tell(onError, error);
      if (isHopeless(error)) this.#giveUpOne(frames);
      return false;
    } finally {
      cancel();
    }
  }

  /** Of several frames one is at fault: they are sent one by one until it is found, and it alone is lost. */
  #giveUpOne(frames: readonly TelemetryFrame[]): void {
    this.#atOnce = 1;
    if (frames.length > 1) return;
    this.#waiting = this.#waiting.slice(1);
    this.#parts.onLost();
  }
}

/** Does the store refuse what is sent, so that it would refuse it for ever, and all that waits behind it? */
function isHopeless(error: unknown): boolean {
  // What is no value of its type, or against a constraint.
  return /^2[23][0-9A-Z]{3}$/.test(sqlStateOf(error) ?? "");
}

/** Whoever hears of a failure cannot make it worse. */
function tell(onError: (error: unknown) => void, error: unknown): void {
  try {
    onError(error);
  } catch {
    // As said.
  }
}
