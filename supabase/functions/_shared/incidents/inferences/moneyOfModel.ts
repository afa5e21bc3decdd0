import { type Inference, onFact } from "../blame.ts";
import { clockSkewMs } from "../fact.ts";
import { tripInForce } from "./keptAwayByCircuit.ts";

/** What a model was asked in order to heal is blamed on the heal; a call of it that failed, on its circuit's trip. */
export const moneyOfModel: Inference = {
  rule: "asked while it was mended",
  says:
    "A model was asked about columns shortly before a heal that stands on its answer; or its call failed while its circuit was open.",
  infer(fact, index) {
    if (fact.kind !== "ai_call") return undefined;
    if (fact.detail.isAboutColumns === true) {
      const heals = index.ofKind("heal").filter(({ detail }) => String(detail.strategy ?? "").startsWith("ai"));
      const heal = heals.find((heal) => heal.untilMs >= fact.atMs && heal.atMs <= fact.untilMs + 10_000);
      if (heal === undefined) return undefined;
      // The question came first, and what caused the heal caused the question.
      const changes = index.ofKind("schema_change").filter((change) => change.subject === heal.subject);
      return onFact(changes.filter(({ atMs }) => atMs <= fact.untilMs + clockSkewMs).at(-1), 0.7);
    }
    return fact.detail.outcome === "answered" ? undefined : onFact(tripInForce(fact, index), 0.6);
  },
};
