import { classifySqlState } from "../../db/sqlState.ts";
import { type Inference, onFact } from "../blame.ts";
import { codeOf, type Fact, precedes } from "../fact.ts";
import type { FactIndex } from "../factIndex.ts";

const kinds = new Set<Fact["kind"]>(["heal", "rescue", "dead_letter", "failure", "retry"]);
/** What a changed type or constraint can bring about, besides a changed name. */
const classes = new Set(["drift", "data", "pooler"]);

/** A write that did not fit the schema is blamed on the newest change of its table before it. */
export const driftBySchema: Inference = {
  rule: "schema changed before",
  says:
    "A write did not fit its table, and that table had been changed before: the newest such change, first one that touched the very column.",
  infer(fact, index) {
    if (!kinds.has(fact.kind)) return undefined;
    const code = codeOf(fact);
    if (fact.kind !== "heal" && fact.kind !== "rescue" && !classes.has(classifySqlState(code))) return undefined;
    const touching = changesOf(fact, index);
    const names = [fact.detail.from, fact.detail.to, fact.detail.columns].filter((name) => typeof name === "string")
      .flatMap((name) => name.split(", "));
    const exact = touching.filter(({ detail }) =>
      String(detail.names ?? "").split(", ").some((n) => names.includes(n))
    );
    const byName = onFact(exact.at(-1), 0.95);
    if (byName !== undefined) return byName;
    // A value that does not fit is the caller's fault more often than a change's, unless the change was one of types.
    const isDrift = code === undefined || classifySqlState(code) === "drift" || fact.kind === "heal";
    return onFact(isDrift ? touching.at(-1) : undefined, 0.7);
  },
};

function changesOf(fact: Fact, index: FactIndex): Fact[] {
  return index.ofKind("schema_change").filter((change) =>
    precedes(change, fact) &&
    (change.subject === fact.subject || (change.detail.oid !== undefined && change.detail.oid === fact.detail.oid) ||
      String(change.detail.tables ?? "").split(", ").includes(fact.subject))
  );
}
