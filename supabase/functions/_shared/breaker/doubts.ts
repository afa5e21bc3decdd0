/**
 * Whether an isolate should doubt itself: where calls of several dependencies fail at once that have nothing to do with each
 * other, it is rather the isolate that is ill, its network or its memory, than all of them.
 */
export class Doubts {
  readonly #used = new Map<string, number>();
  readonly #failing = new Map<string, number>();

  /** A call of `circuit` has failed at `nowMs`; that counts until `untilMs`. */
  failed(circuit: string, untilMs: number): void {
    this.#failing.set(circuit, untilMs);
    this.#used.set(circuit, untilMs);
  }

  /** A call of `circuit` has succeeded. */
  succeeded(circuit: string, untilMs: number): void {
    this.#failing.delete(circuit);
    this.#used.set(circuit, untilMs);
  }

  /** Do at least two dependencies fail, and at least half of those that were called lately? */
  isDoubtful(nowMs: number): boolean {
    const failing = countLive(this.#failing, nowMs);
    return failing >= 2 && failing * 2 >= countLive(this.#used, nowMs);
  }
}

function countLive(until: Map<string, number>, nowMs: number): number {
  let live = 0;
  for (const [circuit, untilMs] of until) {
    if (untilMs > nowMs) live++;
    else until.delete(circuit);
  }
  return live;
}
