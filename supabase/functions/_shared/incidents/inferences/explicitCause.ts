import { type Inference, onFact, onOrigin } from "../blame.ts";
import { type Fact, precedes } from "../fact.ts";
import { isOwnTrip } from "../outages.ts";
import { illIsolate } from "./illIsolate.ts";

/** References that name nothing which explains anything: the code that was met, or where it happened. */
const plain = /^(?:sqlstate|error|request):/;

/** What the teller itself named. */
export const explicitCause: Inference = {
  rule: "told",
  says: "Whoever told it named its cause.",
  infer(fact, index) {
    const { cause } = fact;
    if (cause === undefined || plain.test(cause)) return undefined;
    const named = index.withRef(cause).filter((other) => other !== fact && precedes(other, fact));
    const best = bestOf(named, fact);
    if (best !== undefined) return onFact(best, 1);
    const [kind, subject = ""] = splitOnce(cause);
    if (kind === "circuit" && subject.endsWith(":override")) {
      const name = subject.slice(0, -":override".length);
      const decided = index.ofKind("override").filter((other) => other.subject === name && precedes(other, fact));
      if (decided.length > 0) return onFact(decided.at(-1), 1);
    }
    if (kind === "isolate") return onOrigin(illIsolate(subject, index), 1);
    // Its trip may have been before what is looked at, or never told: that is all that is known.
    return onOrigin({ kind: "unrecorded", key: `unrecorded:${cause}`, subject: cause, evidence: unrecorded }, 0.5);
  },
};

const unrecorded = "it is named as the cause, but no record of it was found";

function splitOnce(ref: string): [string, string | undefined] {
  const at = ref.indexOf(":");
  return at === -1 ? [ref, undefined] : [ref.slice(0, at), ref.slice(at + 1)];
}

/**
 * Of several with one name: the one of the same isolate, as isolates number the phases of their own circuits; then the one of
 * the same subject; then the newest. Another isolate's own circuit is never meant.
 */
function bestOf(named: readonly Fact[], fact: Fact): Fact | undefined {
  const possible = named.filter((other) => !isOwnTrip(other) || other.isolate === fact.isolate);
  const own = possible.filter(isOwnTrip);
  const near = own.length > 0 ? own : possible;
  const same = near.filter(({ subject }) => subject === fact.subject);
  return (same.length > 0 ? same : near).at(-1);
}
