import { checkNumber } from "../policies/checkOption.ts";
import type { Random } from "../random/random.ts";
import { currentCause } from "../telemetry/causeScope.ts";
import type { KernelEvent } from "../telemetry/kernelEvent.ts";
import type { Clock } from "../time/clock.ts";
import { longestMs } from "./durationSketch.ts";
import type { Answer, Monitor } from "./monitor.ts";
import { OpenFrame } from "./openFrame.ts";
import type { SlowCall } from "./slowestCalls.ts";
import { TelemetryFlusher } from "./telemetryFlusher.ts";
import type { TelemetryStore } from "./telemetryStore.ts";

/** The fleet's database hears from an isolate this often at most. */
const flushEveryMs = 10_000;
const minuteMs = 60_000;
/** Reading the clock costs more than recording, so only one call in so many asks whether a write is due. */
const callsALook = 16;

const httpOperations: ReadonlyMap<string, string> = new Map(
  ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) => [method, `http.${method}`]),
);

/** What an {@link IsolateMonitor} is made of. */
export interface IsolateMonitorParts {
  readonly store: TelemetryStore;
  readonly isolate: () => string;
  readonly clock: Clock;
  readonly random: Random;
  /** Keeps the isolate alive until a write has ended. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Hears of a write that failed. @default nobody */
  readonly onError?: (error: unknown) => void;
  /** The trials whose change is in force on this isolate. @default none */
  readonly trials?: () => readonly string[];
  /** Calls that take longer are kept one by one. @default 500 */
  readonly slowMs?: number;
}

/** The measurements of one isolate: added up in memory, written at most every ten seconds, by whoever records then. */
export class IsolateMonitor implements Monitor {
  readonly #parts: IsolateMonitorParts;
  readonly #slowMs: number;
  readonly #flusher: TelemetryFlusher;
  readonly #writer: string;
  #frame: OpenFrame;
  /** By the monotonic clock. The first write is due at a time of the isolate's own, so that a fleet does not write at once. */
  #dueAt: number;
  #callsSinceLook = 0;

  constructor(parts: IsolateMonitorParts) {
    const { store, isolate, clock, random, onError = () => {}, slowMs = 500 } = parts;
    checkNumber("monitor an isolate", { slowMs }, 0);
    this.#parts = parts;
    this.#slowMs = slowMs;
    this.#writer = random.uuid();
    this.#flusher = new TelemetryFlusher({
      store,
      sender: () => ({ isolate: isolate().slice(0, 200), writer: this.#writer }),
      clock,
      onError,
      onLost: () => this.count("monitor.lost"),
    });
    this.#frame = this.#openFrame(clock.now());
    this.#dueAt = clock.monotonic() + random.next() * flushEveryMs;
  }

  async time<Result>(operation: string, work: () => Result | Promise<Result>): Promise<Result> {
    const { clock } = this.#parts;
    const startedAt = clock.monotonic();
    let hasFailed = true;
    try {
      const result = await work();
      hasFailed = false;
      return result;
    } finally {
      this.called(operation, clock.monotonic() - startedAt, hasFailed);
    }
  }

  record(operation: string, durationMs: number, hasFailed = false): void {
    this.called(operation, durationMs, hasFailed);
  }

  called(operation: string, durationMs: number, hasFailed: boolean, shape?: () => string): void {
    const cause = currentCause();
    const functionName = cause?.functionName ?? "";
    this.#measure(functionName, operation, durationMs, hasFailed);
    if (durationMs > this.#slowMs) {
      this.#keepSlow({ functionName, requestId: cause?.requestId, operation, durationMs, hasFailed, shape });
    }
    if (++this.#callsSinceLook >= callsALook) this.#look();
  }

  count(counter: string, by = 1): void {
    if (by > 0 && by < Infinity) this.#frame.measurements.count(counter, by);
  }

  counted(counter: string, by = 1): void {
    this.count(counter, by);
  }

  happened(event: KernelEvent): void {
    this.#look();
    const cause = currentCause();
    this.#frame.events.add(event, {
      at: this.#parts.clock.now(),
      functionName: cause?.functionName ?? "",
      requestId: cause?.requestId,
    });
  }

  arrived(): number {
    this.#turnFrame();
    return this.#parts.clock.monotonic();
  }

  answered(functionName: string, method: string, arrivedAt: number, response: Answer): void {
    const now = this.#parts.clock.monotonic();
    const durationMs = now - arrivedAt;
    const operation = httpOperations.get(method) ?? "http.other";
    const hasFailed = response.status >= 500;
    this.#measure(functionName, operation, durationMs, hasFailed);
    if (durationMs > this.#slowMs) {
      const requestId = response.headers.get("x-request-id") ?? undefined;
      this.#keepSlow({ functionName, requestId, operation, durationMs, hasFailed });
    }
    if (now >= this.#dueAt) this.#write(now);
  }

  async flush(): Promise<boolean> {
    this.#dueAt = this.#parts.clock.monotonic() + flushEveryMs;
    this.#closeFrame();
    return await this.#flusher.sendAll();
  }

  #measure(functionName: string, operation: string, durationMs: number, hasFailed: boolean): void {
    // Written so that NaN is none either.
    if (durationMs >= 0 && durationMs <= longestMs) {
      this.#frame.measurements.seriesOf(functionName, operation).add(durationMs, hasFailed);
    } else {
      this.count("monitor.refused");
    }
  }

  #keepSlow(call: Omit<SlowCall, "at">): void {
    if (call.durationMs <= longestMs) this.#frame.slow.add({ ...call, at: this.#parts.clock.now() });
  }

  /** Turns the frame if its minute is over, and writes if a write is due. */
  #look(): void {
    this.#callsSinceLook = 0;
    this.#turnFrame();
    const now = this.#parts.clock.monotonic();
    if (now >= this.#dueAt) this.#write(now);
  }

  /** Writes behind whoever asks. */
  #write(now: number): void {
    this.#dueAt = now + flushEveryMs;
    // What waits has failed before: until it has arrived, one frame a minute is enough.
    if (!this.#flusher.isWaiting) this.#closeFrame();
    if (this.#flusher.isWaiting) this.#parts.waitUntil(this.#flusher.send());
  }

  /** A frame is of one minute and of one set of trials. */
  #turnFrame(): void {
    const now = this.#parts.clock.now();
    const { startsAt, trials } = this.#frame;
    if (now >= startsAt && now < startsAt + minuteMs && isSame(trials, this.#trials())) return;
    if (this.#frame.isEmpty) this.#frame = this.#openFrame(now);
    else this.#closeFrame();
  }

  #closeFrame(): void {
    const frame = this.#frame;
    if (frame.isEmpty || !this.#flusher.hasRoom) return;
    this.#frame = this.#openFrame(this.#parts.clock.now());
    this.#flusher.add((sequence) => frame.close(sequence));
  }

  #openFrame(now: number): OpenFrame {
    return new OpenFrame(now - now % minuteMs, this.#trials());
  }

  #trials(): readonly string[] {
    return this.#parts.trials?.() ?? noTrials;
  }
}

const noTrials: readonly string[] = [];

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || one.length === other.length && one.every((id, place) => id === other[place]);
}
