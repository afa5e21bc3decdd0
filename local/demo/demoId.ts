/** What ids are of. */
const kinds = ["vendor", "category", "product", "shopper", "owner", "order", "event", "list"] as const;

/** Something that the demo gives ids to. */
export type DemoKind = (typeof kinds)[number];

/** The id of the demo's nth thing of a kind: the same for the same seed, so that tests can sign tokens for its people. */
export function demoId(seed: number, kind: DemoKind, index: number): string {
  const head = (seed >>> 0).toString(16).padStart(8, "0");
  const body = (kinds.indexOf(kind) + 1).toString(16).padStart(4, "0");
  return `${head}-${body}-4000-8000-${index.toString(16).padStart(12, "0")}`;
}
