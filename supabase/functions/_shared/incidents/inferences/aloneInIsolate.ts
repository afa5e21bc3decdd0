import { type Inference, onOrigin } from "../blame.ts";
import type { Fact } from "../fact.ts";
import { illIsolate } from "./illIsolate.ts";

const kinds = new Set<Fact["kind"]>(["failure", "fallback", "shed", "retry", "dead_letter"]);
const marginMs = 60_000;

/** What goes wrong in an isolate that doubts itself, while it does, is blamed on the isolate where nothing better is known. */
export const aloneInIsolate: Inference = {
  rule: "isolate was ill",
  says:
    "It went wrong in an isolate in which several dependencies failed at once that others could call, at that time.",
  infer(fact, index) {
    const { isolate } = fact;
    if (!kinds.has(fact.kind) || isolate === undefined || !index.doubtful.has(isolate)) return undefined;
    const isNear = [...index.ofKind("trip"), ...index.ofKind("doubt")].some((sign) =>
      sign.isolate === isolate && fact.untilMs >= sign.atMs - marginMs && fact.atMs <= sign.untilMs + marginMs
    );
    return isNear ? onOrigin(illIsolate(isolate, index), 0.6) : undefined;
  },
};
