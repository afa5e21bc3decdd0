import { type Inference, onFact } from "../blame.ts";
import { codeOf, type Fact, precedes } from "../fact.ts";

/** What explains that a request failed, the most telling first. */
const telling: readonly Fact["kind"][] = ["dead_letter", "shed", "trip", "retry", "fallback", "rescue"];

/** A failed request is blamed on what had gone wrong in it; so is what follows a heal or a retry in the same request. */
export const troubleOfRequest: Inference = {
  rule: "same request",
  says:
    "A request failed in which something had gone wrong before: what tells most of dead letters, sheds, trips and retries.",
  infer(fact, index) {
    if (fact.kind === "rescue" || fact.kind === "dead_letter") {
      const heal = index.alongside(fact).filter((other) => isKin(other, fact)).at(-1);
      return onFact(heal, 0.75);
    }
    if (fact.kind !== "failure" && fact.kind !== "fallback") return undefined;
    const before = index.alongside(fact).filter((other) =>
      other !== fact && precedes(other, fact) && other.atMs <= fact.untilMs
    );
    for (const kind of telling.slice(0, fact.kind === "fallback" ? 2 : undefined)) {
      const found = before.filter((other) => other.kind === kind).at(-1);
      if (found !== undefined) return onFact(found, codeOf(found) === codeOf(fact) && codeOf(fact) ? 0.9 : 0.8);
    }
    return undefined;
  },
};

/** A write whose retries ran out, of the same table in the same request. */
function isKin(other: Fact, fact: Fact): boolean {
  return other !== fact && other.subject === fact.subject && precedes(other, fact) && other.atMs <= fact.untilMs &&
    (other.kind === "retry" ? other.cause === fact.cause : other.kind === "heal" && fact.kind === "rescue");
}
