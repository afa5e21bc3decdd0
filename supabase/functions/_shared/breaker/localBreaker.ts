import { type Random, systemRandom } from "../random/random.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { currentIsolate } from "../platform/isolate.ts";
import { hubOf } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Breaker } from "./breaker.ts";
import { CircuitTeller } from "./circuitTeller.ts";

/** When a breaker opens, and for how long. */
export interface LocalBreakerOptions {
  /** Failures in a row that open it. @default 5 */
  failureThreshold?: number;
  /** How long it stays open the first time. @default 1_000 */
  openMs?: number;
  /** However often the one call that is let through fails, it is not open for longer at once. @default 30_000 */
  maxOpenMs?: number;
  /** As those who look on are told. @default "database" */
  name?: string;
  /** @default isolateHub */
  observer?: KernelObserver;
  /** Which isolate it is the breaker of. @default this one */
  isolate?: () => string;
  /** @default systemClock */
  clock?: Clock;
  /** @default systemRandom */
  random?: Random;
}

type State =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly untilMs: number; readonly opened: number }
  /** One call is on its way; should nobody ever tell what came of it, another may go at `untilMs`. */
  | { readonly kind: "probing"; readonly untilMs: number; readonly opened: number };

const well: State = { kind: "closed", failures: 0 };

/**
 * A breaker of this isolate alone, without a timer: it opens after failures in a row, lets one call through once its time is
 * up, and closes when that succeeds. Waits double, less a share by chance, so that isolates do not come back all at once.
 */
export function localBreaker(options: LocalBreakerOptions = {}): Breaker {
  const {
    failureThreshold = 5,
    openMs = 1_000,
    maxOpenMs = 30_000,
    name = "database",
    observer,
    isolate = () => currentIsolate().id,
    clock = systemClock,
    random = systemRandom,
  } = options;
  if (!Number.isInteger(failureThreshold) || failureThreshold < 1) {
    throw new RangeError(
      `Cannot make a breaker as 'failureThreshold' must be a whole number from 1: current value is ${failureThreshold}`,
    );
  }
  const teller = new CircuitTeller({ name, hub: hubOf(observer), isolate });
  let state: State = well;
  let openings = 0;

  function waitMs(opened: number): number {
    return Math.min(maxOpenMs, openMs * 2 ** opened) * (1 - random.next() / 2);
  }

  function open(opened: number): void {
    const lastsMs = waitMs(opened);
    state = { kind: "open", untilMs: clock.monotonic() + lastsMs, opened };
    const reason = opened === 0 ? `it failed ${failureThreshold} times in a row` : "the probe failed";
    teller.moved({ scope: "isolate", epoch: ++openings }, { kind: "open", lastsMs, trips: opened + 1 }, reason);
  }

  return {
    allows() {
      if (state.kind === "closed") return true;
      const now = clock.monotonic();
      if (now < state.untilMs) {
        if (teller.isWatched) teller.shed({ scope: "isolate", epoch: openings });
        return false;
      }
      const { opened } = state;
      state = { kind: "probing", untilMs: now + waitMs(opened), opened };
      return true;
    },
    report(hasFailed) {
      if (!hasFailed) {
        const hasRecovered = state.kind !== "closed";
        state = well;
        if (hasRecovered) teller.moved({ scope: "isolate", epoch: openings }, { kind: "closed" }, "a call succeeded");
        return;
      }
      if (state.kind === "probing") return open(state.opened + 1);
      if (state.kind === "open") return; // A call from before it opened.
      const failures = state.failures + 1;
      if (failures >= failureThreshold) open(0);
      else state = { kind: "closed", failures };
    },
  };
}
