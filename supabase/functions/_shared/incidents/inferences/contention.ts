import { type Inference, onOrigin } from "../blame.ts";
import type { Burst } from "../bursts.ts";
import type { FactIndex } from "../factIndex.ts";
import type { Origin } from "../origin.ts";

/** So many in one burst, and it is a storm. */
const storm = 3;

/** Retries and failures with the codes of transactions in each other's way are blamed on that, burst by burst. */
export const contention: Inference = {
  rule: "transactions in each other's way",
  says:
    "40P01, 40001 and 55P03 of one table, or of the same requests, no more than a minute apart, are one contention.",
  infer(fact, index) {
    const burst = index.burstOf(fact);
    return burst === undefined || !index.contentions.includes(burst)
      ? undefined
      : onOrigin(contentionOf(burst, index), 0.9);
  },
};

const names: Readonly<Record<string, [one: string, many: string]>> = {
  "40P01": ["deadlock", "deadlock storm"],
  "40001": ["serialization conflict", "storm of serialization conflicts"],
  "55P03": ["lock not to be had", "storm of locks not to be had"],
};

/** A burst belongs to one index, and each of its facts asks for its origin. */
const known = new WeakMap<Burst, Origin>();

function contentionOf(burst: Burst, index: FactIndex): Origin {
  const origin = known.get(burst) ?? describe(burst, index);
  known.set(burst, origin);
  return origin;
}

function describe(burst: Burst, index: FactIndex): Origin {
  const [one, many] = names[burst.codes[0]!] ?? ["conflict", "storm of conflicts"];
  const requests = new Set(burst.facts.flatMap((fact) => fact.requests)).size;
  const counted = Math.max(requests, ...burst.facts.map(({ requestCount }) => requestCount));
  const doers = [...new Set(burst.facts.flatMap((fact) => index.alongside(fact)).flatMap((f) => f.functionName ?? []))];
  const among = doers.length === 0 ? "" : ` of ${doers.sort().slice(0, 5).join(", ")}`;
  const tables = burst.subjects.filter((subject) => subject !== "transaction");
  const where = tables.length > 0 ? `on ${tables.slice(0, 5).join(", ")}` : `among transactions${among}`;
  return {
    kind: "contention",
    key: `contention:${burst.facts[0]!.id}`,
    subject: `${burst.occurrences >= storm ? many : one} ${where}`,
    evidence: `${burst.occurrences} x ${burst.codes.join(", ")} among ${counted} requests${among}`,
  };
}
