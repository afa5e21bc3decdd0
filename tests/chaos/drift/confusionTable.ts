import { type DriftVerdict, type Fate, fates, type MutationVerdict } from "./judgeDrift.ts";

/** What came of many drifts, added up. */
export interface Confusion {
  readonly drifts: number;
  readonly wrong: number;
  readonly lost: number;
  /** Of what can be healed and stands beside nothing that cannot land. */
  readonly healable: number;
  readonly healed: number;
  /** Of what is set aside or kept rightly, or taken as it is sent. */
  readonly others: number;
  readonly othersRight: number;
  readonly table: string;
}

const rightFates: Readonly<Record<string, readonly Fate[]>> = {
  "heal": ["healed"],
  "as sent": ["as sent", "healed"],
  // Whoever guesses right where it is a guess has done no harm; whoever sets a value aside has kept it.
  "rescue": ["rescued", "healed"],
  "refuse": ["dead letter", "rescued"],
};

/** Did a mutation come to what it should? */
export function isRight({ expectation, fate }: MutationVerdict): boolean {
  return rightFates[expectation]!.includes(fate);
}

/** Adds verdicts up: kind of drift by what came of it. */
export function confusionOf(verdicts: readonly DriftVerdict[]): Confusion {
  const all = verdicts.flatMap(({ mutations }) => mutations);
  const free = all.filter(({ isHindered, expectation }) => !isHindered || expectation === "refuse");
  const healable = free.filter(({ expectation }) => expectation === "heal");
  const others = free.filter(({ expectation }) => expectation !== "heal");
  const isEver = (fate: Fate) =>
    verdicts.filter(({ mutations }) => mutations.some((each) => each.fate === fate)).length;
  return {
    drifts: verdicts.length,
    wrong: isEver("WRONG"),
    lost: isEver("LOST"),
    healable: healable.length,
    healed: healable.filter(isRight).length,
    others: others.length,
    othersRight: others.filter(isRight).length,
    table: writeTable(all),
  };
}

const columns = [...fates, "hindered"] as const;

function writeTable(all: readonly MutationVerdict[]): string {
  const isBad = ({ fate }: MutationVerdict) => fate === "WRONG" || fate === "LOST";
  const columnOf = (verdict: MutationVerdict) =>
    verdict.isHindered && verdict.expectation !== "refuse" && !isBad(verdict) ? "hindered" : verdict.fate;
  const kinds = Map.groupBy(all, ({ kind, expectation }) => `${expectation}: ${kind}`);
  const rows = [...kinds].sort(([one], [other]) => one < other ? -1 : 1).map(([name, verdicts]) => [
    name,
    String(verdicts.length),
    ...columns.map((column) => {
      const count = verdicts.filter((verdict) => columnOf(verdict) === column).length;
      return count === 0 ? "" : String(count);
    }),
  ]);
  const lines = [["right: kind of drift", "all", ...columns], ...rows];
  const widths = lines[0]!.map((_, at) => Math.max(...lines.map((line) => line[at]!.length)));
  return lines.map((line) =>
    line.map((cell, at) => at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)).join("  ")
  )
    .join("\n");
}
