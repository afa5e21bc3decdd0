import { type Inference, onOrigin } from "../blame.ts";

const limits = /^(?:bulkhead|rate-limit|deadline|timeout|ai\.budget)(?:\.|$)/;

/** A call that a limit of ours turned away is blamed on that limit, where nothing says why it was met. */
export const limitMet: Inference = {
  rule: "a limit was met",
  says: "A bulkhead, a rate limit, a deadline, a timeout, a budget or a circuit's capacity turned calls away.",
  infer({ kind, subject, cause }) {
    const isFull = cause?.startsWith("circuit:") === true && cause.endsWith(":full");
    if (kind !== "shed" || (!isFull && !limits.test(subject))) return undefined;
    const name = isFull ? `capacity of ${subject}` : subject;
    return onOrigin({
      kind: "limit",
      key: `limit:${name}`,
      subject: name,
      evidence: "more was asked for than it lets through; why so much was asked is not recorded",
    }, isFull ? 0.6 : 0.5);
  },
};
