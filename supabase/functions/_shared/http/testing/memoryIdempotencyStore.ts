import type { Clock } from "../../time/clock.ts";
import type { IdempotencyKey, IdempotencyState, IdempotencyStore, StoredAnswer } from "../idempotencyStore.ts";

interface Entry {
  readonly requestHash: string;
  runId: string;
  leaseEndsAt: number;
  answer?: StoredAnswer;
}

/** Idempotency keys in memory: what the `resilience` functions do, for tests without a database. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(key: IdempotencyKey, requestHash: string, leaseMs: number): Promise<IdempotencyState> {
    const now = this.#clock.now();
    const known = this.#entries.get(nameOf(key));
    if (known !== undefined && known.requestHash !== requestHash) return Promise.resolve({ kind: "reused" });
    if (known?.answer !== undefined) return Promise.resolve({ kind: "done", answer: known.answer });
    if (known !== undefined && known.leaseEndsAt > now) {
      return Promise.resolve({ kind: "running", retryAfterMs: known.leaseEndsAt - now });
    }
    const runId = crypto.randomUUID();
    this.#entries.set(nameOf(key), { requestHash, runId, leaseEndsAt: now + leaseMs });
    return Promise.resolve({ kind: "run", runId });
  }

  finish(key: IdempotencyKey, runId: string, answer: StoredAnswer): Promise<void> {
    const known = this.#entries.get(nameOf(key));
    if (known?.runId === runId) known.answer = answer;
    return Promise.resolve();
  }

  release(key: IdempotencyKey, runId: string): Promise<void> {
    if (this.#entries.get(nameOf(key))?.runId === runId) this.#entries.delete(nameOf(key));
    return Promise.resolve();
  }
}

function nameOf({ scope, key }: IdempotencyKey): string {
  return JSON.stringify([scope, key]);
}
