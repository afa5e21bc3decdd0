import { sleep } from "../../time/sleep.ts";
import { decorrelatedJitter } from "../retry/decorrelatedJitter.ts";
import { retryPolicyFor } from "../retry/retryPolicyFor.ts";
import { tellRetry } from "../retry/tellRetry.ts";
import type { HealingDeps } from "./healingDeps.ts";

/** What ends a wait. */
export interface WaitLimits {
  readonly signal?: AbortSignal;
}

const aMoment = { baseMs: 20, capMs: 1_000 };

/** The waits of one call: each in proportion to the one before, none beyond the deadline. */
export class RetryWait {
  #waitMs = 0;
  #attempt = 1;

  /** `subject`: what is tried again, as those who look on are told. */
  constructor(
    readonly deps: Pick<HealingDeps, "clock" | "random" | "deadline" | "hub" | "knobs">,
    readonly limits: WaitLimits,
    readonly subject: string,
  ) {}

  /** Waits before the next try after a failure of this code; false where there is no time left for it. */
  async next(code: string): Promise<boolean> {
    const { clock, random, deadline } = this.deps;
    const { signal } = this.limits;
    const policy = retryPolicyFor(code, this.deps.knobs);
    this.#waitMs = decorrelatedJitter(this.#waitMs, policy.when === "never" ? aMoment : policy.wait, random);
    if (signal?.aborted || (deadline !== undefined && this.#waitMs >= deadline.remainingMs())) return false;
    try {
      await sleep(this.#waitMs, signal === undefined ? { clock } : { clock, signal });
      tellRetry(this.deps.hub, { subject: this.subject, code, attempt: this.#attempt++, waitMs: this.#waitMs });
      return true;
    } catch {
      return false; // Aborted: the failure in hand says more than the abort.
    }
  }
}
