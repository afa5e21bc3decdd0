import { type Inference, onFact } from "../blame.ts";
import type { Fact } from "../fact.ts";

const telling: readonly Fact["kind"][] = ["dead_letter", "shed", "trip", "retry", "failure"];

/** A run that failed is blamed on what went wrong in its function while it ran. */
export const troubleOfJob: Inference = {
  rule: "in the course of the run",
  says: "A job failed in whose function something had gone wrong while it ran.",
  infer(fact, index) {
    if (fact.kind !== "job_failure") return undefined;
    const startedMs = Number(fact.detail.startedMs ?? fact.atMs);
    for (const kind of telling) {
      const found = index.ofKind(kind).filter((other) =>
        other.functionName !== undefined && other.functionName === fact.functionName && other.atMs >= startedMs &&
        other.atMs <= fact.untilMs
      ).at(-1);
      if (found !== undefined) return onFact(found, 0.6);
    }
    return undefined;
  },
};
