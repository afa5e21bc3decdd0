import { type Inference, onOrigin } from "../blame.ts";
import type { Fact } from "../fact.ts";

const kinds = new Set<Fact["kind"]>(["heal", "rescue", "dead_letter"]);
const diagnosed = new Set([
  "unknown_column",
  "type_mismatch",
  "too_long",
  "out_of_range",
  "unstorable_text",
  "not_null",
]);
const codes = /^(?:sqlstate|error):(?:22|23502|23514|42703|PGRST204)/;

/** What was mended or given up as it did not fit a table that nobody is known to have changed: callers send it so. */
export const unfitPayload: Inference = {
  rule: "never fitted",
  says:
    "A write did not fit its table, and no change of the table is known: its caller sends what the table never took.",
  infer(fact) {
    if (!kinds.has(fact.kind)) return undefined;
    const { diagnosis, from } = fact.detail;
    const isUnfit = typeof diagnosis === "string" ? diagnosed.has(diagnosis) : codes.test(fact.cause ?? "");
    if (!isUnfit && fact.kind !== "rescue") return undefined;
    const what = typeof from === "string" ? `'${from}'` : "values";
    return onOrigin({
      kind: "payload",
      key: `payload:${fact.subject}`,
      subject: fact.subject,
      evidence: `callers send ${what} that it does not take; no change of the table is known`,
    }, 0.5);
  },
};
