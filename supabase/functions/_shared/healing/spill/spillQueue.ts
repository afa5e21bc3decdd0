import type { Breaker } from "../../breaker/breaker.ts";
import type { Random } from "../../random/random.ts";
import type { Clock } from "../../time/clock.ts";
import type { DbResult } from "../client/resilientDb.ts";
import { ResilientDbError } from "../client/resilientDbError.ts";
import { decorrelatedJitter } from "../retry/decorrelatedJitter.ts";
import { isDown } from "./isDown.ts";
import type { SpillLimits, SpillStatus } from "./spillStatus.ts";

/** A write that waits for the database. */
export interface SpilledWrite {
  readonly bytes: number;
  /** Sends it, under a key: twice is once. */
  send(): Promise<DbResult<unknown>>;
}

/** What a queue works with. */
export interface SpillQueueParts {
  readonly limits?: SpillLimits;
  readonly breaker: Breaker;
  readonly clock: Clock;
  readonly random: Random;
  /** Keeps the isolate alive until the next attempt. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly onError: (error: unknown) => void;
}

const pause = { baseMs: 200, capMs: 30_000 };

/** Writes kept in memory while the database is down, sent in their order once it is back; gone with the isolate. */
export class SpillQueue {
  readonly #parts: SpillQueueParts;
  readonly #waiting: SpilledWrite[] = [];
  #bytes = 0;
  #sent = 0;
  #lost = 0;
  #pauseMs = 0;
  #cancel: (() => void) | undefined;
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(parts: SpillQueueParts) {
    this.#parts = parts;
  }

  get status(): SpillStatus {
    return { waiting: this.#waiting.length, bytes: this.#bytes, sent: this.#sent, lost: this.#lost };
  }

  /** Keeps a write; false where there is no room for it. */
  add(write: SpilledWrite): boolean {
    const { mostWrites = 1_000, mostBytes = 4 * 1024 * 1024 } = this.#parts.limits ?? {};
    if (this.#isClosed || this.#waiting.length >= mostWrites || this.#bytes + write.bytes > mostBytes) return false;
    this.#waiting.push(write);
    this.#bytes += write.bytes;
    if (this.#draining === undefined) this.#schedule();
    return true;
  }

  /** Sends what waits, as far as the database allows. */
  flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    return this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      if (this.#waiting.length === 0) this.#pauseMs = 0;
      else if (!this.#isClosed) this.#schedule();
    });
  }

  /** Sends what can be sent, and tells what is lost. */
  async close(): Promise<void> {
    await this.flush();
    this.#isClosed = true;
    this.#cancel?.();
    this.#cancel = undefined;
    const { length } = this.#waiting;
    if (length === 0) return;
    this.#waiting.length = 0;
    this.#bytes = 0;
    this.#lost += length;
    const message = `Cannot keep ${length} spilled writes any longer as the database is closed here while it is down`;
    this.#parts.onError(
      new ResilientDbError({
        code: "SPILL_LOST",
        kind: "never_ran",
        message,
        isOutcomeUnknown: false,
        cause: undefined,
      }),
    );
  }

  async #drain(): Promise<void> {
    const { breaker, onError } = this.#parts;
    for (let write = this.#waiting[0]; write !== undefined; write = this.#waiting[0]) {
      if (!breaker.allows()) return;
      let error: unknown;
      try {
        ({ error } = await write.send());
      } catch (thrown) {
        error = thrown;
      }
      const hasMetNobody = isDown(error);
      breaker.report(hasMetNobody);
      if (hasMetNobody) return;
      this.#waiting.shift();
      this.#bytes -= write.bytes;
      if (error === null || (error instanceof ResilientDbError && error.deadLetterIds.length > 0)) this.#sent++;
      else this.#lost++;
      if (error !== null) onError(error);
    }
  }

  #schedule(): void {
    if (this.#cancel !== undefined) return;
    const { clock, random, waitUntil } = this.#parts;
    this.#pauseMs = decorrelatedJitter(this.#pauseMs, pause, random);
    waitUntil(
      new Promise<void>((resolve) => {
        const cancel = clock.setTimer(() => {
          this.#cancel = undefined;
          resolve(this.flush());
        }, this.#pauseMs);
        this.#cancel = () => {
          cancel();
          resolve();
        };
      }),
    );
  }
}
