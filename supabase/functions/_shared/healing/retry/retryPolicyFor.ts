import { classifySqlState, sqlStatePolicies } from "../../db/sqlState.ts";
import { defaultKnobs, type KnobReader } from "../../optimizer/knobs/knobReader.ts";
import type { JitterRange } from "./decorrelatedJitter.ts";
import { collisionWaitKnob, maxTriesKnob } from "./retryKnobs.ts";

/** When a transaction may run again, how often, and after what wait. */
export interface RetryPolicy {
  /** `once_settled`: only when it is certain that the last try left nothing, or a key sees to it. */
  readonly when: "always" | "once_settled" | "never";
  /** Tries altogether, the first one included. */
  readonly maxAttempts: number;
  readonly wait: JitterRange;
}

const lockNotAvailable = "55P03";

/** Of the two that collided one has landed or goes on: a moment is enough to let it pass. Its base is a knob. */
const collision = { baseMs: 2, capMs: 250 };
/** Whoever holds the lock is at work. */
const heldLock = { baseMs: 20, capMs: 1_000 };
/** A server that restarts takes seconds, and is not helped by a crowd. */
const lostServer = { baseMs: 25, capMs: 2_000 };
const never: RetryPolicy = { when: "never", maxAttempts: 1, wait: collision };

/** The policy for a whole transaction that failed with the given code. */
export function retryPolicyFor(code: string | undefined, knobs: KnobReader = defaultKnobs): RetryPolicy {
  const failure = classifySqlState(code);
  const { maxAttempts } = sqlStatePolicies[failure];
  switch (failure) {
    case "retry": {
      const wait = { ...collision, baseMs: knobs.read(collisionWaitKnob) };
      return {
        when: "always",
        maxAttempts: knobs.read(maxTriesKnob),
        wait: code === lockNotAvailable ? heldLock : wait,
      };
    }
    case "never_ran":
      return { when: "always", maxAttempts, wait: lostServer };
    case "pooler":
      return { when: "always", maxAttempts, wait: collision };
    case "connection_lost":
      return { when: "once_settled", maxAttempts, wait: lostServer };
    default:
      return never;
  }
}
