import { denoPlatform } from "../platform/denoPlatform.ts";
import { isHosted } from "../platform/isHosted.ts";
import type { Platform } from "../platform/platform.ts";
import { type Random, systemRandom } from "../random/random.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { sleep } from "../time/sleep.ts";
import type { CallScope } from "./callScope.ts";
import { checkNumber, checkShare } from "./checkOption.ts";
import { definePolicy } from "./definePolicy.ts";
import type { Policy, Work } from "./policy.ts";

/** Options of {@link chaos}. */
export interface ChaosOptions {
  /** Does it do anything? @default false */
  readonly isOn?: boolean;
  /** On the hosted runtime `isOn` is refused, unless this says that real people's calls are meant to fail. @default false */
  readonly breakRealCallsOnTheHostedRuntime?: boolean;
  /** The share of calls that fail without being made. @default 0 */
  readonly faultShare?: number;
  /** Makes the error of such a call. @default a ChaosError */
  readonly fault?: () => unknown;
  /** The share of calls that are made late. @default 0 */
  readonly latencyShare?: number;
  /** How late. @default 1_000 */
  readonly latencyMs?: number;
  /** The share of calls that are not made and answered for by `outcome`. @default 0 */
  readonly outcomeShare?: number;
  /** Makes the answer of such a call, which has to be of the work's type. @default undefined */
  readonly outcome?: () => unknown;
  /** Seed it, and the same calls fail again. @default systemRandom */
  readonly random?: Random;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default denoPlatform */
  readonly platform?: Pick<Platform, "env">;
}

/** A fault that was put there on purpose. */
export class ChaosError extends Error {
  constructor() {
    super("Cannot make the call as chaos was asked for");
    this.name = "ChaosError";
  }
}

/**
 * Makes calls fail, late, or answered wrongly, so that a test sees what the policies around it make of that. Off unless
 * asked for, and refused on the hosted runtime.
 *
 * @example
 * ```ts
 * const shaky = chaos({ isOn: true, faultShare: 0.2, random: seededRandom(7) });
 * const guarded = pipeline({ retry: retry(), chaos: shaky });
 * ```
 */
export function chaos(options: ChaosOptions = {}): Policy {
  const { isOn = false, random = systemRandom, clock = systemClock, platform = denoPlatform } = options;
  const { faultShare = 0, fault = () => new ChaosError(), outcomeShare = 0, outcome = () => undefined } = options;
  const { latencyShare = 0, latencyMs = 1_000, breakRealCallsOnTheHostedRuntime = false } = options;
  checkShare("make chaos", { faultShare, latencyShare, outcomeShare });
  checkNumber("make chaos", { latencyMs }, 0);
  if (!isOn) return definePolicy((work, scope) => Promise.resolve(work(scope)));
  if (isHosted(platform) && !breakRealCallsOnTheHostedRuntime) {
    throw new Error(
      "Cannot make chaos as this is the hosted runtime: 'breakRealCallsOnTheHostedRuntime' must be true to go on, " +
        "current value is false",
    );
  }
  return definePolicy(async <Result>(work: Work<Result>, scope: CallScope) => {
    // Always three draws: what one share is does not change which calls the others hit.
    const [isLate, isFaulty, isWrong] = [
      random.next() < latencyShare,
      random.next() < faultShare,
      random.next() < outcomeShare,
    ];
    if (isLate) await sleep(latencyMs, scope.canAbort ? { clock, signal: scope.signal } : { clock });
    if (isFaulty) throw fault();
    return isWrong ? outcome() as Result : await work(scope);
  });
}
