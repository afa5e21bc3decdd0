import { type Inference, onFact } from "../blame.ts";
import { clockSkewMs } from "../fact.ts";

/** What a model was asked in order to mend a write is blamed on the change that made it necessary. */
export const moneyOfModel: Inference = {
  rule: "asked in order to heal",
  says:
    "A model was asked about columns shortly before a heal that stands on its answer: what caused the heal caused the question.",
  infer(fact, index) {
    if (fact.kind !== "ai_call" || fact.detail.isAboutColumns !== true) return undefined;
    const heals = index.ofKind("heal").filter(({ detail }) => String(detail.strategy ?? "").startsWith("ai"));
    const heal = heals.find((heal) => heal.untilMs >= fact.atMs && heal.atMs <= fact.untilMs + 10_000);
    if (heal === undefined) return undefined;
    const changes = index.ofKind("schema_change").filter((change) => change.subject === heal.subject);
    return onFact(changes.filter(({ atMs }) => atMs <= fact.untilMs + clockSkewMs).at(-1), 0.7);
  },
};
