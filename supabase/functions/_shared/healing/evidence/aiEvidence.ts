import { type AdviceDeskOptions, openAdviceDesk } from "./adviceDesk.ts";
import type { EvidenceSource, NameOpinion, NameQuestion } from "./evidence.ts";
import { valuesFit } from "./valuesFit.ts";

/**
 * What an advisor's proposals are good for.
 * - `off`: nobody is asked.
 * - `propose`: they become patterns on probation and are named for a person's look; they decide nothing.
 * - `apply`: they also decide where everything else abstains.
 */
export type AiMode = "off" | "propose" | "apply";

/** How an advisor is used. */
export interface AiEvidenceOptions extends Omit<AdviceDeskOptions, "advisor"> {
  /** @default nobody: then nothing is asked */
  readonly advisor?: AdviceDeskOptions["advisor"] | undefined;
  /** @default "propose" */
  readonly mode?: AiMode;
}

/**
 * What an advisor proposes for names that all else leaves open, from the closed list of free columns, each checked again for
 * every payload.
 */
export function aiEvidence({ advisor, mode = "propose", ...options }: AiEvidenceOptions): EvidenceSource {
  const desk = advisor === undefined || mode === "off" ? undefined : openAdviceDesk({ ...options, advisor });
  return {
    strategy: "ai",
    isCertain: false,
    answer(question) {
      return desk === undefined ? [] : judge(question, desk.adviceFor(question), mode === "apply");
    },
  };
}

async function judge(
  { names, columns, rows, schema }: NameQuestion,
  advice: ReturnType<ReturnType<typeof openAdviceDesk>["adviceFor"]>,
  isApplied: boolean,
): Promise<NameOpinion[]> {
  return (await advice).flatMap(({ name, attnum, confidence, reason, patternId }): NameOpinion[] => {
    const column = columns.find((free) => free.attnum === attnum);
    if (column === undefined || !names.includes(name) || !valuesFit(rows, name, column, schema.snapshot)) return [];
    const said = { confidence, ...reason === undefined ? {} : { reason } };
    if (!isApplied) return [{ name, isUnsure: true, alternatives: [{ column: column.name, patternId, ...said }] }];
    return [{ name, column, evidence: said, confidence, patternId }];
  });
}
